/*
 * The user datagram protocol.
 */
#ifndef _NETINET_UDP_VAR_H_
#define	_NETINET_UDP_VAR_H_

#include <netinet/in_pcb.h>

struct mbuf;

struct udphdr {
	u_int16_t	uh_sport;
	u_int16_t	uh_dport;
	u_int16_t	uh_ulen;
	u_int16_t	uh_sum;
};

struct udpstat {
	u_long	udps_ipackets;		/* total input packets */
	u_long	udps_hdrops;		/* packet shorter than header */
	u_long	udps_badsum;		/* checksum error */
	u_long	udps_noport;		/* no socket on port */
	u_long	udps_fullsock;		/* not delivered, input socket full */
	u_long	udps_opackets;		/* total output packets */
};

/* Global variables of UDP. */
extern struct inpcbinfo udbinfo;
extern struct udpstat udpstat;
extern int udp_cksum;			/* whether we compute checksums */

void	 udp_init(const void *);
void	 udp_input(struct mbuf *, int);
int	 udp_output(struct inpcb *, struct mbuf *, struct sockaddr_in *);
int	 udp_attach(struct socket *);

#endif /* !_NETINET_UDP_VAR_H_ */
