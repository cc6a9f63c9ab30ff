/*
 * UDP protocol implementation.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kernel.h>
#include <sys/mbuf.h>
#include <sys/proc.h>
#include <sys/socket.h>
#include <sys/sysctl.h>
#include <sys/systm.h>
#include <net/if.h>
#include <net/if_var.h>
#include <netinet/in.h>
#include <netinet/in_pcb.h>
#include <netinet/in_var.h>
#include <netinet/ip_var.h>
#include <netinet/udp_var.h>

SYSCTL_NODE(_net_inet, IPPROTO_UDP, udp, CTLFLAG_RW, NULL, "UDP");
SYSCTL_INT(_net_inet_udp, OID_AUTO, checksum, CTLFLAG_RW, &udp_cksum, 0,
    "compute udp checksum");
SYSCTL_STRUCT(_net_inet_udp, OID_AUTO, stats, CTLFLAG_RW, &udpstat, udpstat,
    "UDP statistics (struct udpstat, netinet/udp_var.h)");

static int log_in_vain = 0;
SYSCTL_INT(_net_inet_udp, OID_AUTO, log_in_vain, CTLFLAG_RW, &log_in_vain, 0,
    "Log all incoming UDP packets");

void
udp_init(const void *unused __unused)
{

	LIST_INIT(&udbinfo.ipi_listhead);
	udbinfo.ipi_count = 0;
}
SYSINIT(udp, SI_SUB_PROTO_DOMAIN, udp_init, NULL);

int
udp_attach(struct socket *so)
{

	return (in_pcballoc(so, &udbinfo));
}

/*
 * Give a datagram to every socket that listens on the broadcast's port.
 */
static int
udp_broadcast(struct mbuf *m, struct udphdr *uh)
{
	struct inpcb *inp;
	int found;

	found = 0;
	LIST_FOREACH(inp, &udbinfo.ipi_listhead, inp_list) {
		if (inp->inp_lport != uh->uh_dport)
			continue;
		sorwakeup(inp->inp_socket);
		found++;
	}
	if (found == 0)
		udpstat.udps_noport++;
	m_freem(m);
	return (found);
}

void
udp_input(struct mbuf *m, int off)
{
	struct ip *ip;
	struct udphdr *uh;
	struct inpcb *inp;

	udpstat.udps_ipackets++;
	if (m->m_len < off + (int)sizeof(*uh) &&
	    (m = m_pullup(m, off + (int)sizeof(*uh))) == NULL) {
		udpstat.udps_hdrops++;
		return;
	}
	ip = mtod(m, struct ip *);
	uh = (struct udphdr *)((caddr_t)ip + off);
	if (uh->uh_sum != 0 && in_cksum(m, ntohs(uh->uh_ulen)) != 0) {
		udpstat.udps_badsum++;
		m_freem(m);
		return;
	}
	if (m->m_flags & (M_BCAST | M_MCAST)) {
		(void)udp_broadcast(m, uh);
		return;
	}
	inp = in_pcblookup(&udbinfo, ip->ip_src, uh->uh_sport, ip->ip_dst,
	    uh->uh_dport);
	if (inp == NULL) {
		if (log_in_vain)
			log(LOG_INFO, "Connection attempt to UDP %s:%d\n",
			    hostname, ntohs(uh->uh_dport));
		udpstat.udps_noport++;
		m_freem(m);
		return;
	}
	m_adj(m, off + (int)sizeof(*uh));
	sorwakeup(inp->inp_socket);
}

int
udp_output(struct inpcb *inp, struct mbuf *m, struct sockaddr_in *to)
{
	struct ip *ip;
	struct udphdr *uh;
	int error;

	if (to != NULL) {
		error = in_pcbconnect(inp, to, inp->inp_cred);
		if (error) {
			m_freem(m);
			return (error);
		}
	}
	ip = mtod(m, struct ip *);
	uh = (struct udphdr *)(ip + 1);
	uh->uh_sport = inp->inp_lport;
	uh->uh_dport = inp->inp_fport;
	uh->uh_ulen = htons((m->m_pktlen - (int)sizeof(*ip)));
	uh->uh_sum = 0;
	if (udp_cksum)
		uh->uh_sum = in_cksum(m, m->m_pktlen);
	ip->ip_p = IPPROTO_UDP;
	ip->ip_src = inp->inp_laddr;
	ip->ip_dst = inp->inp_faddr;
	ip->ip_ttl = ip_defttl;
	udpstat.udps_opackets++;
	return (ip_output(m, NULL, 0, inp));
}
