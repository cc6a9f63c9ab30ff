/*
 * Internet addresses of interfaces.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kernel.h>
#include <sys/malloc.h>
#include <sys/socket.h>
#include <sys/sysctl.h>
#include <sys/systm.h>
#include <net/if.h>
#include <net/if_var.h>
#include <net/route.h>
#include <netinet/in.h>
#include <netinet/in_var.h>

SYSCTL_NODE(_net, OID_AUTO, inet, CTLFLAG_RW, NULL, "Internet Family");
SYSCTL_NODE(_net_inet, IPPROTO_IP, ip, CTLFLAG_RW, NULL, "IP");
SYSCTL_INT(_net_inet_ip, OID_AUTO, subnets_are_local, CTLFLAG_RW,
    &subnetsarelocal, 0, "Treat all subnets as directly connected");

/*
 * Return the address record if the address is ours.
 */
struct in_ifaddr *
in_ifawithaddr(struct in_addr in)
{
	struct in_ifaddr *ia;

	TAILQ_FOREACH(ia, &in_ifaddrhead, ia_link) {
		if (ia->ia_addr.sin_addr.s_addr == in.s_addr)
			return (ia);
	}
	return (NULL);
}

/*
 * Return 1 if an internet address is for a ``local'' host (one to which we
 * have a connection).  If subnetsarelocal is true, this includes other
 * subnets of the local net; otherwise it includes only the directly
 * connected (sub)nets.
 */
int
in_localaddr(struct in_addr in)
{
	struct in_ifaddr *ia;

	if (subnetsarelocal) {
		TAILQ_FOREACH(ia, &in_ifaddrhead, ia_link)
			if ((in.s_addr & ia->ia_mask & htonl(0xffff0000)) ==
			    (ia->ia_net & htonl(0xffff0000)))
				return (1);
	} else {
		TAILQ_FOREACH(ia, &in_ifaddrhead, ia_link)
			if ((in.s_addr & ia->ia_mask) == ia->ia_net)
				return (1);
	}
	return (0);
}

static void
in_fillsin(struct sockaddr_in *sin, struct in_addr in)
{

	bzero(sin, sizeof(*sin));
	sin->sin_len = sizeof(*sin);
	sin->sin_family = AF_INET;
	sin->sin_addr = in;
}

/*
 * Give an interface an address, and the route that comes with it.
 */
int
in_control(struct ifnet *ifp, struct in_addr addr, struct in_addr mask)
{
	struct in_ifaddr *ia;
	int error, flags;

	if (in_ifawithaddr(addr) != NULL)
		return (EEXIST);
	ia = malloc(sizeof(*ia), M_IFADDR, M_WAITOK | M_ZERO);
	in_fillsin(&ia->ia_addr, addr);
	in_fillsin(&ia->ia_netmask, mask);
	ia->ia_mask = mask.s_addr;
	ia->ia_net = addr.s_addr & mask.s_addr;
	ia->ia_ifa.ifa_addr = (struct sockaddr *)&ia->ia_addr;
	ia->ia_ifa.ifa_netmask = (struct sockaddr *)&ia->ia_netmask;
	ia->ia_ifa.ifa_ifp = ifp;
	ia->ia_ifa.ifa_refcnt = 1;

	flags = ifp == loif ? RTF_HOST : 0;
	error = rtrequest(RTM_ADD, addr.s_addr, mask.s_addr, addr.s_addr,
	    flags, ifp);
	if (error && error != EEXIST) {
		free(ia, M_IFADDR);
		return (error);
	}
	TAILQ_INSERT_TAIL(&ifp->if_addrhead, &ia->ia_ifa, ifa_link);
	TAILQ_INSERT_TAIL(&in_ifaddrhead, ia, ia_link);
	return (0);
}

/*
 * Take all Internet addresses from an interface.
 */
void
in_purgeaddrs(struct ifnet *ifp)
{
	struct in_ifaddr *ia, *next;

	for (ia = TAILQ_FIRST(&in_ifaddrhead); ia != NULL; ia = next) {
		next = TAILQ_NEXT(ia, ia_link);
		if (ia->ia_ifa.ifa_ifp != ifp)
			continue;
		(void)rtrequest(RTM_DELETE, ia->ia_net, ia->ia_mask,
		    ia->ia_addr.sin_addr.s_addr, 0, ifp);
		TAILQ_REMOVE(&in_ifaddrhead, ia, ia_link);
		TAILQ_REMOVE(&ifp->if_addrhead, &ia->ia_ifa, ifa_link);
		ifafree(&ia->ia_ifa);
	}
}

/*
 * Does the address belong on this interface as a broadcast?
 */
int
in_broadcast(struct in_addr in, struct ifnet *ifp)
{
	struct in_ifaddr *ia;

	if (in.s_addr == INADDR_BROADCAST || in.s_addr == INADDR_ANY)
		return (1);
	if ((ifp->if_flags & IFF_BROADCAST) == 0)
		return (0);
	TAILQ_FOREACH(ia, &in_ifaddrhead, ia_link)
		if (ia->ia_ifa.ifa_ifp == ifp &&
		    in.s_addr == (ia->ia_net | ~ia->ia_mask))
			return (1);
	return (0);
}
