/*
 * IP: what goes out.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/jail.h>
#include <sys/kernel.h>
#include <sys/mbuf.h>
#include <sys/proc.h>
#include <sys/socket.h>
#include <sys/systm.h>
#include <net/if.h>
#include <net/if_var.h>
#include <net/route.h>
#include <netinet/in.h>
#include <netinet/in_pcb.h>
#include <netinet/in_var.h>
#include <netinet/ip_var.h>

/*
 * The address that we put on a packet which has none.
 */
static in_addr_t
ip_source(struct rtentry *rt)
{
	struct in_ifaddr *ia;

	TAILQ_FOREACH(ia, &in_ifaddrhead, ia_link)
		if (ia->ia_ifa.ifa_ifp == rt->rt_ifp)
			return (ia->ia_addr.sin_addr.s_addr);
	if (!TAILQ_EMPTY(&in_ifaddrhead))
		return (TAILQ_FIRST(&in_ifaddrhead)->ia_addr.sin_addr.s_addr);
	return (INADDR_ANY);
}

/*
 * IP output.  The packet in mbuf chain m contains a skeletal IP header
 * (with len, off, ttl, proto, tos, src, dst).
 */
int
ip_output(struct mbuf *m, struct route *ro, int flags, struct inpcb *inp)
{
	struct ip *ip;
	struct rtentry *rt;
	struct ifnet *ifp;
	struct sockaddr_in dst;
	int error;

	ip = mtod(m, struct ip *);
	if ((flags & IP_FORWARDING) == 0) {
		ip->ip_vhl = IPVERSION << 4 | sizeof(*ip) >> 2;
		ip->ip_id = ip_newid();
		if (ip->ip_ttl == 0)
			ip->ip_ttl = ip_defttl;
		ipstat.ips_localout++;
	}
	if (inp != NULL && prison_ip(inp->inp_cred, 0, &ip->ip_src.s_addr)) {
		error = EADDRNOTAVAIL;
		goto bad;
	}

	rt = ro != NULL ? ro->ro_rt : NULL;
	if (rt == NULL)
		rt = rtalloc1(ip->ip_dst.s_addr, 1);
	if (rt == NULL) {
		ipstat.ips_noroute++;
		error = EHOSTUNREACH;
		goto bad;
	}
	ifp = rt->rt_ifp;
	if (ip->ip_src.s_addr == INADDR_ANY)
		ip->ip_src.s_addr = ip_source(rt);
	if (ip->ip_len > ifp->if_mtu) {
		error = EINVAL;
		goto release;
	}
	ip->ip_sum = 0;
	ip->ip_sum = in_cksum(m, (ip->ip_vhl & 0xf) << 2);

	bzero(&dst, sizeof(dst));
	dst.sin_len = sizeof(dst);
	dst.sin_family = AF_INET;
	dst.sin_addr = ip->ip_dst;
	if (rt->rt_flags & RTF_GATEWAY)
		dst.sin_addr.s_addr = rt->rt_gateway;
	error = (*ifp->if_output)(ifp, m, (struct sockaddr *)&dst, rt);
	if (ro == NULL)
		rtfree(rt);
	return (error);
release:
	if (ro == NULL)
		rtfree(rt);
bad:
	m_freem(m);
	return (error);
}
