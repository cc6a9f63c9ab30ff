/*
 * TCP: control blocks and what they have in common.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kernel.h>
#include <sys/malloc.h>
#include <sys/proc.h>
#include <sys/socket.h>
#include <sys/sysctl.h>
#include <sys/systm.h>
#include <net/if_var.h>
#include <net/route.h>
#include <netinet/in.h>
#include <netinet/in_pcb.h>
#include <netinet/in_var.h>
#include <netinet/tcp_var.h>

SYSCTL_NODE(_net_inet, IPPROTO_TCP, tcp, CTLFLAG_RW, NULL, "TCP");
SYSCTL_INT(_net_inet_tcp, OID_AUTO, mssdflt, CTLFLAG_RW, &tcp_mssdflt, 0,
    "Default TCP Maximum Segment Size");
SYSCTL_STRUCT(_net_inet_tcp, OID_AUTO, stats, CTLFLAG_RW, &tcpstat, tcpstat,
    "TCP statistics (struct tcpstat, netinet/tcp_var.h)");
SYSCTL_INT(_net_inet_tcp, OID_AUTO, pcbcount, CTLFLAG_RD,
    &tcbinfo.ipi_count, 0, "Number of active PCBs");

static int tcp_minmss = 216;
SYSCTL_INT(_net_inet_tcp, OID_AUTO, minmss, CTLFLAG_RW, &tcp_minmss, 0,
    "Minimum TCP Maximum Segment Size");

static u_int tcp_iss_secret;

void
tcp_init(const void *unused __unused)
{

	LIST_INIT(&tcbinfo.ipi_listhead);
	tcbinfo.ipi_count = 0;
	tcbinfo.ipi_lastport = 0;
	tcp_iss_base = (u_int32_t)ticks;
	tcp_iss_secret = (u_int)time_uptime * 2654435761u;
}
SYSINIT(tcp, SI_SUB_PROTO_DOMAIN, tcp_init, NULL);

/*
 * Create a new TCP control block, making an empty reassembly queue and
 * hooking it to the argument protocol control block.
 */
struct tcpcb *
tcp_newtcpcb(struct inpcb *inp)
{
	struct tcpcb *tp;

	tp = malloc(sizeof(*tp), M_PCB, M_NOWAIT | M_ZERO);
	if (tp == NULL)
		return (NULL);
	tp->t_maxseg = (u_int)max(tcp_mssdflt, tcp_minmss);
	tp->t_keepidle = tcp_keepidle;
	tp->t_rcvtime = ticks;
	tp->t_state = TCPS_CLOSED;
	tp->t_inpcb = inp;
	inp->inp_ppcb = tp;
	return (tp);
}

int
tcp_attach(struct socket *so)
{
	struct inpcb *inp;
	int error;

	error = in_pcballoc(so, &tcbinfo);
	if (error)
		return (error);
	inp = so->so_pcb;
	if (tcp_newtcpcb(inp) == NULL) {
		in_pcbdetach(inp);
		return (ENOBUFS);
	}
	return (0);
}

/*
 * The maximum segment size for a peer: what its interface can carry, the
 * default if it is not near.
 */
static u_int
tcp_maxseg(struct in_addr faddr)
{
	struct rtentry *rt;
	u_int mss;

	rt = rtalloc1(faddr.s_addr, 0);
	if (rt == NULL)
		return (tcp_mssdflt);
	mss = (u_int)rt->rt_ifp->if_mtu - 40;
	if (!in_localaddr(faddr))
		mss = min(mss, tcp_mssdflt);
	rtfree(rt);
	return (mss);
}

/*
 * Initiate a connection to a peer.
 */
int
tcp_connect(struct tcpcb *tp, struct sockaddr_in *sin, struct ucred *cred)
{
	struct inpcb *inp;
	int error;

	inp = tp->t_inpcb;
	if (inp->inp_lport == 0) {
		error = in_pcbbind(inp, NULL, cred);
		if (error)
			return (error);
	}
	if (in_pcblookup(&tcbinfo, sin->sin_addr, sin->sin_port,
	    inp->inp_laddr, inp->inp_lport) != inp)
		return (EADDRINUSE);
	error = in_pcbconnect(inp, sin, cred);
	if (error)
		return (error);
	tp->t_maxseg = tcp_maxseg(sin->sin_addr);
	tp->t_state = TCPS_SYN_SENT;
	tp->iss = tcp_new_isn(tp);
	tp->snd_nxt = tp->iss + 1;
	tcpstat.tcps_connattempt++;
	return (0);
}

/*
 * Drop a TCP connection, reporting the specified error.
 */
struct tcpcb *
tcp_drop(struct tcpcb *tp, int error)
{
	struct socket *so;

	so = tp->t_inpcb->inp_socket;
	tcpstat.tcps_drops++;
	so->so_error = error;
	return (tcp_close(tp));
}

struct tcpcb *
tcp_close(struct tcpcb *tp)
{
	struct inpcb *inp;

	inp = tp->t_inpcb;
	inp->inp_ppcb = NULL;
	soisdisconnected(inp->inp_socket);
	in_pcbdetach(inp);
	free(tp, M_PCB);
	return (NULL);
}

/*
 * Choose the first sequence number of a connection: hard to guess from
 * outside, and never running backwards.
 */
u_int32_t
tcp_new_isn(struct tcpcb *tp)
{
	u_int32_t hash;

	hash = tcp_iss_secret;
	hash = hash * 33 ^ tp->t_inpcb->inp_faddr.s_addr;
	hash = hash * 33 ^ tp->t_inpcb->inp_lport;
	hash = hash * 33 ^ tp->t_inpcb->inp_fport;
	tcp_iss_base += 64000;
	return (tcp_iss_base + (hash & 0xffff));
}
