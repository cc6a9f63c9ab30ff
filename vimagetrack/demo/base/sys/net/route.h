/*
 * The routing table.
 */
#ifndef _NET_ROUTE_H_
#define	_NET_ROUTE_H_

#include <sys/queue.h>
#include <sys/socket.h>

struct ifnet;
struct ifaddr;

#define	RTF_UP		0x1
#define	RTF_GATEWAY	0x2
#define	RTF_HOST	0x4
#define	RTF_STATIC	0x800

#define	RT_HASHSIZE	32

struct rtentry {
	LIST_ENTRY(rtentry) rt_link;
	in_addr_t	 rt_dst;
	in_addr_t	 rt_mask;
	in_addr_t	 rt_gateway;
	int		 rt_flags;
	int		 rt_refcnt;
	u_long		 rt_use;
	struct ifnet	*rt_ifp;
	struct ifaddr	*rt_ifa;
};

LIST_HEAD(rthead, rtentry);

struct route {
	struct rtentry	*ro_rt;
	struct sockaddr	 ro_dst;
};

struct rtstat {
	short	rts_badredirect;	/* bogus redirect calls */
	short	rts_dynamic;		/* routes created by redirects */
	short	rts_unreach;		/* lookups which failed */
	short	rts_wildcard;		/* lookups satisfied by a wildcard */
};

/* Global variables of the routing code. */
extern struct rthead rt_table[RT_HASHSIZE];
extern struct rtstat rtstat;
extern int rttrash;			/* routes not in table but not freed */

void	 route_init(const void *);
struct rtentry	*rtalloc1(in_addr_t, int);
int	 rtrequest(int, in_addr_t, in_addr_t, in_addr_t, int, struct ifnet *);
void	 rtfree(struct rtentry *);
void	 rt_ifflush(struct ifnet *);

#define	RTM_ADD		1
#define	RTM_DELETE	2

#endif /* !_NET_ROUTE_H_ */
