/*
 * Generic tunnel interface: a packet inside a packet.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kernel.h>
#include <sys/malloc.h>
#include <sys/mbuf.h>
#include <sys/socket.h>
#include <sys/sysctl.h>
#include <sys/systm.h>
#include <net/if.h>
#include <net/if_var.h>
#include <net/route.h>
#include <netinet/in.h>
#include <netinet/ip_var.h>

static MALLOC_DEFINE(M_GIF, "gif", "Generic Tunnel Interface");

#define	GIF_MTU		1280
#define	MAX_GIF_NEST	1

struct gif_softc {
	struct ifnet	 gif_if;
	in_addr_t	 gif_psrc;	/* physical source address */
	in_addr_t	 gif_pdst;	/* physical destination address */
	int		 gif_called;
	LIST_ENTRY(gif_softc) gif_list;	/* all gifs */
};

static LIST_HEAD(, gif_softc) gif_softc_list;

SYSCTL_NODE(_net_link, OID_AUTO, gif, CTLFLAG_RW, NULL,
    "Generic Tunnel Interface");

static int max_gif_nesting = MAX_GIF_NEST;
SYSCTL_INT(_net_link_gif, OID_AUTO, max_nesting, CTLFLAG_RW,
    &max_gif_nesting, 0, "Max nested tunnels");

static int
gif_output(struct ifnet *ifp, struct mbuf *m, struct sockaddr *dst,
    struct rtentry *rt __unused)
{
	struct gif_softc *sc;
	struct ip *ip;
	int error;

	sc = ifp->if_softc;
	if (++sc->gif_called > max_gif_nesting) {
		log(LOG_NOTICE, "%s: recursively called too many times\n",
		    ifp->if_xname);
		m_freem(m);
		error = EHOSTUNREACH;
		goto end;
	}
	if (dst->sa_family != AF_INET || sc->gif_pdst == INADDR_ANY) {
		m_freem(m);
		error = ENXIO;
		goto end;
	}
	ip = mtod(m, struct ip *);
	ip->ip_ttl = ip_defttl;
	ip->ip_src.s_addr = sc->gif_psrc;
	ip->ip_dst.s_addr = sc->gif_pdst;
	ifp->if_opackets++;
	error = ip_output(m, NULL, 0, NULL);
end:
	sc->gif_called = 0;
	return (error);
}

int
gif_clone_create(int unit)
{
	struct gif_softc *sc;

	sc = malloc(sizeof(*sc), M_GIF, M_WAITOK | M_ZERO);
	sc->gif_if.if_softc = sc;
	if_initname(&sc->gif_if, "gif", unit);
	sc->gif_if.if_mtu = GIF_MTU;
	sc->gif_if.if_output = gif_output;
	sc->gif_if.if_snd.ifq_maxlen = ifqmaxlen;
	if_attach(&sc->gif_if);
	LIST_INSERT_HEAD(&gif_softc_list, sc, gif_list);
	return (0);
}

int
gif_clone_destroy(int unit)
{
	struct gif_softc *sc;

	LIST_FOREACH(sc, &gif_softc_list, gif_list) {
		if (sc->gif_if.if_dunit != unit)
			continue;
		LIST_REMOVE(sc, gif_list);
		if_detach(&sc->gif_if);
		free(sc, M_GIF);
		return (0);
	}
	return (ENXIO);
}

static void
gifattach(const void *unused __unused)
{

	LIST_INIT(&gif_softc_list);
}
SYSINIT(gif, SI_SUB_PSEUDO, gifattach, NULL);
