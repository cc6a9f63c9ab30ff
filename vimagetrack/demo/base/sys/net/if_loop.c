/*
 * Loopback interface driver: what goes out comes in again.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kernel.h>
#include <sys/mbuf.h>
#include <sys/socket.h>
#include <sys/systm.h>
#include <net/if.h>
#include <net/if_var.h>
#include <net/route.h>
#include <netinet/in.h>
#include <netinet/ip_var.h>

#define	LOMTU	16384

static struct ifnet lo0;

static int
looutput(struct ifnet *ifp, struct mbuf *m, struct sockaddr *dst,
    struct rtentry *rt)
{

	if (rt != NULL && (rt->rt_flags & RTF_UP) == 0) {
		m_freem(m);
		return (EHOSTUNREACH);
	}
	ifp->if_opackets++;
	ifp->if_ipackets++;
	m->m_rcvif = ifp;
	switch (dst->sa_family) {
	case AF_INET:
		ip_input(m);
		return (0);
	default:
		printf("looutput: af=%d unexpected\n", dst->sa_family);
		m_freem(m);
		return (EPROTONOSUPPORT);
	}
}

static int
loioctl(struct ifnet *ifp, u_long cmd, caddr_t data)
{
	struct ifreq *ifr;

	ifr = (struct ifreq *)data;
	switch (cmd) {
	case SIOCSIFMTU:
		ifp->if_mtu = ifr->ifr_ifru.ifru_mtu;
		return (0);
	default:
		return (EINVAL);
	}
}

static void
loopattach(const void *unused __unused)
{
	struct ifnet *ifp;

	ifp = &lo0;
	if_initname(ifp, "lo", 0);
	ifp->if_mtu = LOMTU;
	ifp->if_flags = IFF_LOOPBACK | IFF_MULTICAST;
	ifp->if_output = looutput;
	ifp->if_ioctl = loioctl;
	ifp->if_snd.ifq_maxlen = ifqmaxlen;
	if_attach(ifp);
	loif = ifp;
}
SYSINIT(loopattach, SI_SUB_PSEUDO, loopattach, NULL);

int
if_islocal(struct ifnet *ifp)
{

	return (ifp == loif);
}
