/*
 * The interface layer: the list of interfaces, their addresses, their ioctls.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kernel.h>
#include <sys/malloc.h>
#include <sys/mbuf.h>
#include <sys/proc.h>
#include <sys/socket.h>
#include <sys/sysctl.h>
#include <sys/systm.h>
#include <net/if.h>
#include <net/if_var.h>
#include <net/route.h>
#include <netinet/in.h>
#include <netinet/in_var.h>

MALLOC_DEFINE(M_IFADDR, "ifaddr", "interface address");

SYSCTL_NODE(_net, OID_AUTO, link, CTLFLAG_RW, NULL, "Link layers");
SYSCTL_NODE(_net_link, OID_AUTO, generic, CTLFLAG_RW, NULL,
    "Variables that all interfaces share");

SYSCTL_INT(_net_link_generic, OID_AUTO, ifcount, CTLFLAG_RD, &if_index, 0,
    "Number of configured interfaces");
SYSCTL_INT(_net_link_generic, OID_AUTO, ifqmaxlen, CTLFLAG_RW, &ifqmaxlen, 0,
    "Default length of an interface's send queue");

static int log_link_state_change = 1;
SYSCTL_INT(_net_link_generic, OID_AUTO, log_link_state_change, CTLFLAG_RW,
    &log_link_state_change, 0, "Log when an interface goes up or down");

static void
if_init(const void *unused __unused)
{
	int i;

	for (i = 0; i < IF_MAXUNITS; i++)
		ifindex_table[i] = NULL;
	TAILQ_INIT(&ifnet);
	if_index = 0;
}
SYSINIT(interfaces, SI_SUB_INIT_IF, if_init, NULL);

struct ifnet *
ifnet_byindex(u_short idx)
{

	if (idx > if_index || idx >= IF_MAXUNITS)
		return (NULL);
	return (ifindex_table[idx]);
}

/*
 * Look for the lowest free index, since SNMP wants them to be dense.
 */
static u_short
if_findindex(void)
{
	u_short idx;

	for (idx = 1; idx <= if_index; idx++)
		if (ifindex_table[idx] == NULL)
			return (idx);
	return (u_short)(if_index + 1);
}

void
if_initname(struct ifnet *ifp, const char *name, int unit)
{

	ifp->if_dname = name;
	ifp->if_dunit = unit;
	snprintf(ifp->if_xname, IFNAMSIZ, "%s%d", name, unit);
}

/*
 * Attach an interface to the list of all interfaces.
 */
void
if_attach(struct ifnet *ifp)
{
	u_short idx;

	idx = if_findindex();
	if (idx >= IF_MAXUNITS)
		panic("if_attach: %s is one too many", ifp->if_xname);
	TAILQ_INIT(&ifp->if_addrhead);
	ifp->if_index = idx;
	if (idx > if_index)
		if_index = idx;
	ifindex_table[idx] = ifp;
	TAILQ_INSERT_TAIL(&ifnet, ifp, if_link);
	if (ifp->if_snd.ifq_maxlen == 0) {
		log(LOG_INFO, "%s: no queue length, using %d\n",
		    ifp->if_xname, ifqmaxlen);
		ifp->if_snd.ifq_maxlen = ifqmaxlen;
	}
}

/*
 * Detach an interface: take its addresses, its routes and its index away.
 */
void
if_detach(struct ifnet *ifp)
{
	struct ifaddr *ifa, *next;
	int s;

	s = splnet();
	if_down(ifp);
	for (ifa = TAILQ_FIRST(&ifp->if_addrhead); ifa != NULL; ifa = next) {
		next = TAILQ_NEXT(ifa, ifa_link);
		if (ifa->ifa_addr->sa_family == AF_INET)
			continue;
		TAILQ_REMOVE(&ifp->if_addrhead, ifa, ifa_link);
		ifafree(ifa);
	}
	in_purgeaddrs(ifp);
	rt_ifflush(ifp);
	ifindex_table[ifp->if_index] = NULL;
	while (if_index > 0 && ifindex_table[if_index] == NULL)
		if_index--;
	TAILQ_REMOVE(&ifnet, ifp, if_link);
	splx(s);
}

void
ifafree(struct ifaddr *ifa)
{

	if (--ifa->ifa_refcnt == 0)
		free(ifa, M_IFADDR);
}

static int
sa_equal(const struct sockaddr *a, const struct sockaddr *b)
{
	const char *p, *q;
	int i;

	if (a->sa_len != b->sa_len)
		return (0);
	p = (const char *)a;
	q = (const char *)b;
	for (i = 0; i < a->sa_len; i++)
		if (p[i] != q[i])
			return (0);
	return (1);
}

/*
 * Locate an interface address by the complete address.
 */
struct ifaddr *
ifa_ifwithaddr(struct sockaddr *addr)
{
	struct ifnet *ifp;
	struct ifaddr *ifa;

	TAILQ_FOREACH(ifp, &ifnet, if_link) {
		TAILQ_FOREACH(ifa, &ifp->if_addrhead, ifa_link) {
			if (ifa->ifa_addr->sa_family != addr->sa_family)
				continue;
			if (sa_equal(addr, ifa->ifa_addr))
				return (ifa);
		}
	}
	return (NULL);
}

/*
 * Find an interface on a network that holds the address; the most specific
 * one wins.
 */
struct ifaddr *
ifa_ifwithnet(struct sockaddr *addr)
{
	struct ifnet *ifp;
	struct ifaddr *ifa, *best;
	struct in_ifaddr *ia;
	in_addr_t dst;

	best = NULL;
	if (addr->sa_family != AF_INET)
		return (NULL);
	dst = satosin(addr)->sin_addr.s_addr;
	TAILQ_FOREACH(ifp, &ifnet, if_link) {
		TAILQ_FOREACH(ifa, &ifp->if_addrhead, ifa_link) {
			if (ifa->ifa_addr->sa_family != AF_INET)
				continue;
			ia = ifatoia(ifa);
			if ((dst & ia->ia_mask) != ia->ia_net)
				continue;
			if (best == NULL || ntohl(ia->ia_mask) >
			    ntohl(ifatoia(best)->ia_mask))
				best = ifa;
		}
	}
	return (best);
}

struct ifaddr *
ifaof_ifpforaddr(struct sockaddr *addr, struct ifnet *ifp)
{
	struct ifaddr *ifa, *any;

	any = NULL;
	TAILQ_FOREACH(ifa, &ifp->if_addrhead, ifa_link) {
		if (ifa->ifa_addr->sa_family != addr->sa_family)
			continue;
		if (any == NULL)
			any = ifa;
		if (sa_equal(addr, ifa->ifa_addr))
			return (ifa);
	}
	return (any);
}

void
if_up(struct ifnet *ifp)
{

	ifp->if_flags |= IFF_UP;
	if (log_link_state_change)
		log(LOG_NOTICE, "%s: link state changed to UP\n",
		    ifp->if_xname);
}

/*
 * Mark an interface down and throw away what waits on it.
 */
void
if_down(struct ifnet *ifp)
{
	struct mbuf *m;

	ifp->if_flags &= ~IFF_UP;
	while ((m = ifp->if_snd.ifq_head) != NULL) {
		ifp->if_snd.ifq_head = m->m_nextpkt;
		ifp->if_snd.ifq_len--;
		m_freem(m);
	}
	ifp->if_snd.ifq_tail = NULL;
	if (log_link_state_change)
		log(LOG_NOTICE, "%s: link state changed to DOWN\n",
		    ifp->if_xname);
}

struct ifnet *
ifunit(const char *name)
{
	struct ifnet *ifp;

	TAILQ_FOREACH(ifp, &ifnet, if_link) {
		if (strcmp(name, ifp->if_xname) == 0)
			return (ifp);
	}
	return (NULL);
}

int
if_enqueue(struct ifnet *ifp, struct mbuf *m)
{
	struct ifqueue *ifq;

	ifq = &ifp->if_snd;
	if (ifq->ifq_len >= ifq->ifq_maxlen) {
		ifq->ifq_drops++;
		m_freem(m);
		return (ENOBUFS);
	}
	m->m_nextpkt = NULL;
	if (ifq->ifq_tail == NULL)
		ifq->ifq_head = m;
	else
		ifq->ifq_tail->m_nextpkt = m;
	ifq->ifq_tail = m;
	ifq->ifq_len++;
	ifp->if_opackets++;
	return (0);
}

/*
 * The clock of the interface layer, once a second: complain about queues
 * that never empty.
 */
void
if_slowtimo(void *arg __unused)
{
	struct ifnet *ifp;
	int s;

	s = splnet();
	TAILQ_FOREACH(ifp, &ifnet, if_link) {
		if ((ifp->if_flags & IFF_UP) == 0)
			continue;
		if (ifp->if_snd.ifq_len == ifp->if_snd.ifq_maxlen)
			log(LOG_ERR, "%s on %s: send queue is full\n",
			    ifp->if_xname, hostname);
	}
	splx(s);
}

/*
 * Interface ioctls.
 */
int
ifioctl(u_long cmd, caddr_t data, struct ucred *cred)
{
	struct ifnet *ifp;
	struct ifreq *ifr;

	ifr = (struct ifreq *)data;
	ifp = ifunit(ifr->ifr_name);
	if (ifp == NULL)
		return (ENXIO);

	switch (cmd) {
	case SIOCGIFINDEX:
		ifr->ifr_ifru.ifru_index = ifp->if_index;
		return (0);
	case SIOCGIFFLAGS:
		ifr->ifr_ifru.ifru_flags = (short)ifp->if_flags;
		return (0);
	case SIOCGIFMTU:
		ifr->ifr_ifru.ifru_mtu = ifp->if_mtu;
		return (0);
	case SIOCSIFFLAGS:
		if (jailed(cred))
			return (EPERM);
		if (ifr->ifr_ifru.ifru_flags & IFF_UP)
			if_up(ifp);
		else
			if_down(ifp);
		return (0);
	case SIOCSIFMTU:
		if (jailed(cred))
			return (EPERM);
		ifp->if_mtu = ifr->ifr_ifru.ifru_mtu;
		return (0);
	}
	if (ifp->if_ioctl == NULL)
		return (EINVAL);
	return ((*ifp->if_ioctl)(ifp, cmd, data));
}
