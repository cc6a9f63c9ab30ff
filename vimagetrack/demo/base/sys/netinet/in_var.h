/*
 * Internet addresses of interfaces.
 */
#ifndef _NETINET_IN_VAR_H_
#define	_NETINET_IN_VAR_H_

#include <sys/queue.h>
#include <net/if_var.h>
#include <netinet/in.h>

struct in_ifaddr {
	struct ifaddr	ia_ifa;		/* must be first */
	in_addr_t	ia_net;
	in_addr_t	ia_mask;
	struct sockaddr_in ia_addr;
	struct sockaddr_in ia_netmask;
	TAILQ_ENTRY(in_ifaddr) ia_link;	/* all Internet addresses */
};

TAILQ_HEAD(in_ifaddrhead, in_ifaddr);

#define	ifatoia(ifa)	((struct in_ifaddr *)(ifa))

/* Global variables of the Internet addresses. */
extern struct in_ifaddrhead in_ifaddrhead;	/* all Internet addresses */
extern int subnetsarelocal;

struct in_ifaddr	*in_ifawithaddr(struct in_addr);
int	 in_localaddr(struct in_addr);
int	 in_control(struct ifnet *, struct in_addr, struct in_addr);
void	 in_purgeaddrs(struct ifnet *);

#endif /* !_NETINET_IN_VAR_H_ */
