/*
 * Network interfaces, as the kernel sees them.
 */
#ifndef _NET_IF_VAR_H_
#define	_NET_IF_VAR_H_

#include <sys/queue.h>
#include <net/if.h>

struct mbuf;
struct rtentry;
struct ucred;

struct ifqueue {
	struct mbuf	*ifq_head;
	struct mbuf	*ifq_tail;
	int		 ifq_len;
	int		 ifq_maxlen;
	int		 ifq_drops;
};

struct ifaddr {
	struct sockaddr	*ifa_addr;
	struct sockaddr	*ifa_netmask;
	struct ifnet	*ifa_ifp;
	TAILQ_ENTRY(ifaddr) ifa_link;	/* all addresses of the interface */
	u_int		 ifa_refcnt;
	int		 ifa_flags;
};

TAILQ_HEAD(ifaddrhead, ifaddr);

struct ifnet {
	void		*if_softc;	/* the driver's */
	TAILQ_ENTRY(ifnet) if_link;	/* all interfaces */
	char		 if_xname[IFNAMSIZ];
	const char	*if_dname;
	int		 if_dunit;
	u_short		 if_index;
	int		 if_flags;
	int		 if_mtu;
	struct ifaddrhead if_addrhead;
	struct ifqueue	 if_snd;
	u_long		 if_ipackets;
	u_long		 if_opackets;
	u_long		 if_ierrors;
	int		(*if_output)(struct ifnet *, struct mbuf *,
			    struct sockaddr *, struct rtentry *);
	int		(*if_ioctl)(struct ifnet *, u_long, caddr_t);
};

TAILQ_HEAD(ifnethead, ifnet);

#define	IF_MAXUNITS	64

/* Global variables of the interface layer. */
extern struct ifnethead ifnet;			/* all interfaces */
extern struct ifnet *ifindex_table[IF_MAXUNITS]; /* the same, by index */
extern int if_index;				/* the highest index in use */
extern int ifqmaxlen;				/* default length of a queue */
extern struct ifnet *loif;			/* the loopback interface */

void	 if_attach(struct ifnet *);
void	 if_detach(struct ifnet *);
void	 if_initname(struct ifnet *, const char *, int);
void	 if_up(struct ifnet *);
void	 if_down(struct ifnet *);
int	 ifioctl(u_long, caddr_t, struct ucred *);
struct ifnet	*ifunit(const char *);
struct ifnet	*ifnet_byindex(u_short);
struct ifaddr	*ifa_ifwithaddr(struct sockaddr *);
struct ifaddr	*ifa_ifwithnet(struct sockaddr *);
struct ifaddr	*ifaof_ifpforaddr(struct sockaddr *, struct ifnet *);
void	 ifafree(struct ifaddr *);
int	 if_enqueue(struct ifnet *, struct mbuf *);
void	 if_slowtimo(void *);

#endif /* !_NET_IF_VAR_H_ */
