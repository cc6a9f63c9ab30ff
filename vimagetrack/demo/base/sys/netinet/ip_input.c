/*
 * IP: what comes in.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kernel.h>
#include <sys/mbuf.h>
#include <sys/socket.h>
#include <sys/sysctl.h>
#include <sys/systm.h>
#include <net/if.h>
#include <net/if_var.h>
#include <net/route.h>
#include <netinet/in.h>
#include <netinet/in_var.h>
#include <netinet/ip_var.h>
#include <netinet/udp_var.h>

SYSCTL_INT(_net_inet_ip, OID_AUTO, forwarding, CTLFLAG_RW, &ipforwarding, 0,
    "Enable IP forwarding between interfaces");
SYSCTL_INT(_net_inet_ip, OID_AUTO, redirect, CTLFLAG_RW, &ipsendredirects, 0,
    "Enable sending IP redirects");
SYSCTL_INT(_net_inet_ip, OID_AUTO, ttl, CTLFLAG_RW, &ip_defttl, 0,
    "Maximum TTL on IP packets");
SYSCTL_STRUCT(_net_inet_ip, OID_AUTO, stats, CTLFLAG_RW, &ipstat, ipstat,
    "IP statistics (struct ipstat, netinet/ip_var.h)");

static int ip_checkinterface = 0;
SYSCTL_INT(_net_inet_ip, OID_AUTO, check_interface, CTLFLAG_RW,
    &ip_checkinterface, 0, "Verify packet arrives on correct interface");

static void ip_forward(struct mbuf *);

/*
 * IP initialization: start with an id that is not the same at every boot.
 */
void
ip_init(const void *unused __unused)
{

	TAILQ_INIT(&in_ifaddrhead);
	ip_id = (u_int16_t)(time_uptime & 0xffff);
	if (ip_id == 0)
		ip_id = 1;
}
SYSINIT(ip, SI_SUB_PROTO_DOMAIN, ip_init, NULL);

/*
 * Is the packet for us?
 */
static int
ip_ours(struct mbuf *m, struct ip *ip)
{
	struct in_ifaddr *ia;

	TAILQ_FOREACH(ia, &in_ifaddrhead, ia_link) {
		if (ia->ia_addr.sin_addr.s_addr != ip->ip_dst.s_addr)
			continue;
		if (!ip_checkinterface || ipforwarding)
			return (1);
		if (ia->ia_ifa.ifa_ifp == m->m_rcvif)
			return (1);
	}
	if (m->m_flags & (M_BCAST | M_MCAST))
		return (1);
	return (ip->ip_dst.s_addr == INADDR_BROADCAST ||
	    ip->ip_dst.s_addr == INADDR_ANY);
}

/*
 * Ip input routine.  Checksum and byte swap header.  Process options.
 * Pass to next level.
 */
void
ip_input(struct mbuf *m)
{
	struct ip *ip;
	int hlen;

	ipstat.ips_total++;
	if (m->m_pktlen < (int)sizeof(struct ip)) {
		ipstat.ips_tooshort++;
		goto bad;
	}
	if (m->m_len < (int)sizeof(struct ip) &&
	    (m = m_pullup(m, sizeof(struct ip))) == NULL) {
		ipstat.ips_tooshort++;
		return;
	}
	ip = mtod(m, struct ip *);
	if (ip->ip_vhl >> 4 != IPVERSION) {
		ipstat.ips_badvers++;
		goto bad;
	}
	hlen = (ip->ip_vhl & 0xf) << 2;
	if (in_cksum(m, hlen)) {
		ipstat.ips_badsum++;
		goto bad;
	}
	if (m->m_rcvif == NULL)
		m->m_rcvif = loif;

	if (!ip_ours(m, ip)) {
		if (ipforwarding == 0) {
			ipstat.ips_cantforward++;
			goto bad;
		}
		ip_forward(m);
		return;
	}

	switch (ip->ip_p) {
	case IPPROTO_UDP:
		ipstat.ips_delivered++;
		udp_input(m, hlen);
		return;
	default:
		ipstat.ips_noproto++;
	}
bad:
	m_freem(m);
}

/*
 * Forward a packet.  If some error occurs we only count it, since the toy
 * has no ICMP.
 */
static void
ip_forward(struct mbuf *m)
{
	struct ip *ip;
	struct rtentry *rt;
	int error;

	ip = mtod(m, struct ip *);
	if (m->m_flags & (M_BCAST | M_MCAST) || ip->ip_ttl <= IPTTLDEC) {
		ipstat.ips_cantforward++;
		m_freem(m);
		return;
	}
	ip->ip_ttl -= IPTTLDEC;
	rt = rtalloc1(ip->ip_dst.s_addr, 1);
	if (rt == NULL) {
		ipstat.ips_cantforward++;
		m_freem(m);
		return;
	}
	if (rt->rt_ifp == m->m_rcvif && ipsendredirects)
		log(LOG_DEBUG, "%s: would redirect 0x%08x\n", hostname,
		    ntohl(ip->ip_src.s_addr));
	rtfree(rt);
	error = ip_output(m, NULL, IP_FORWARDING, NULL);
	if (error)
		ipstat.ips_cantforward++;
	else
		ipstat.ips_forward++;
}
