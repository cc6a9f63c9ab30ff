/*
 * The Internet protocol itself.
 */
#ifndef _NETINET_IP_VAR_H_
#define	_NETINET_IP_VAR_H_

#include <sys/types.h>
#include <netinet/in.h>

struct mbuf;
struct route;
struct inpcb;

struct ip {
	u_int8_t	ip_vhl;		/* version and header length */
	u_int8_t	ip_tos;
	u_int16_t	ip_len;
	u_int16_t	ip_id;
	u_int16_t	ip_off;
	u_int8_t	ip_ttl;
	u_int8_t	ip_p;
	u_int16_t	ip_sum;
	struct in_addr	ip_src;
	struct in_addr	ip_dst;
};

#define	IPVERSION	4
#define	IPDEFTTL	64
#define	IPTTLDEC	1
#define	IP_MAXPACKET	65535

#define	IP_FORWARDING	0x1	/* the packet is not ours */

struct ipstat {
	u_long	ips_total;		/* total packets received */
	u_long	ips_badsum;		/* checksum bad */
	u_long	ips_tooshort;		/* packet too short */
	u_long	ips_badvers;		/* ip version != 4 */
	u_long	ips_forward;		/* packets forwarded */
	u_long	ips_cantforward;	/* packets for unreachable places */
	u_long	ips_noproto;		/* unknown or unsupported protocol */
	u_long	ips_delivered;		/* datagrams delivered to upper level */
	u_long	ips_localout;		/* packets generated here */
	u_long	ips_noroute;		/* packets discarded, no route */
};

/* Global variables of the Internet protocol. */
extern struct ipstat ipstat;
extern int ip_defttl;			/* default time to live */
extern int ipforwarding;		/* whether we route for others */
extern int ipsendredirects;
extern u_int16_t ip_id;			/* the next packet's id */
extern int ip_do_randomid;

void	 ip_init(const void *);
void	 ip_input(struct mbuf *);
int	 ip_output(struct mbuf *, struct route *, int, struct inpcb *);
u_int16_t ip_newid(void);
u_int16_t in_cksum(struct mbuf *, int);

#endif /* !_NETINET_IP_VAR_H_ */
