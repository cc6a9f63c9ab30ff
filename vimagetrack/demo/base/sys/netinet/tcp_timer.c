/*
 * TCP: what happens when nothing happens.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kernel.h>
#include <sys/socket.h>
#include <sys/sysctl.h>
#include <sys/systm.h>
#include <netinet/in.h>
#include <netinet/in_pcb.h>
#include <netinet/tcp_var.h>

/*
 * Intervals are kept in ticks and shown in milliseconds.
 */
static int
sysctl_msec_to_ticks(SYSCTL_HANDLER_ARGS)
{
	int error, s, tt;

	tt = *(int *)arg1;
	s = (int)((long)tt * 1000 / hz);
	error = sysctl_handle_int(oidp, &s, 0, req);
	if (error || req->newptr == NULL)
		return (error);
	tt = (int)((long)s * hz / 1000);
	if (tt < 1)
		return (EINVAL);
	*(int *)arg1 = tt;
	return (0);
}

SYSCTL_PROC(_net_inet_tcp, OID_AUTO, keepidle, CTLTYPE_INT | CTLFLAG_RW,
    &tcp_keepidle, 0, sysctl_msec_to_ticks, "time before keepalive probes");
SYSCTL_PROC(_net_inet_tcp, OID_AUTO, keepintvl, CTLTYPE_INT | CTLFLAG_RW,
    &tcp_keepintvl, 0, sysctl_msec_to_ticks, "time between keepalive probes");
SYSCTL_PROC(_net_inet_tcp, OID_AUTO, msl, CTLTYPE_INT | CTLFLAG_RW,
    &tcp_msl, 0, sysctl_msec_to_ticks, "Maximum segment lifetime");

static int always_keepalive = 1;
SYSCTL_INT(_net_inet_tcp, OID_AUTO, always_keepalive, CTLFLAG_RW,
    &always_keepalive, 0, "Assume SO_KEEPALIVE on all TCP connections");

static u_int tcp_keepcnt = 8;
SYSCTL_INT(_net_inet_tcp, OID_AUTO, keepcnt, CTLFLAG_RW, &tcp_keepcnt, 0,
    "Number of keepalive probes before a connection is dropped");

/*
 * A connection was idle for too long: ask whether the peer is still there.
 */
void
tcp_keepalive(struct tcpcb *tp)
{
	int idle;

	if (!always_keepalive || tp->t_state != TCPS_ESTABLISHED)
		return;
	idle = ticks - tp->t_rcvtime;
	if (idle >= tp->t_keepidle + (ssize_t)tcp_keepcnt * tcp_keepintvl) {
		tcpstat.tcps_keepdrops++;
		(void)tcp_drop(tp, EHOSTUNREACH);
		return;
	}
	tcpstat.tcps_keepprobe++;
}

/*
 * Tcp protocol timeout routine called every 500 ms.  Walks over all
 * connections and lets go of those that are done.
 */
void
tcp_slowtimo(void)
{
	struct inpcb *inp, *next;
	struct tcpcb *tp;
	int s;

	s = splnet();
	for (inp = LIST_FIRST(&tcbinfo.ipi_listhead); inp != NULL;
	    inp = next) {
		next = LIST_NEXT(inp, inp_list);
		tp = intotcpcb(inp);
		if (tp == NULL)
			continue;
		/* Nobody waits for these any more. */
		if (tp->t_state == TCPS_TIME_WAIT &&
		    ticks - tp->t_rcvtime > 2 * tcp_msl) {
			(void)tcp_close(tp);
			continue;
		}
		if (tp->t_rxtshift > 12) {
			tcpstat.tcps_timeoutdrop++;
			(void)tcp_drop(tp, EHOSTUNREACH);
			continue;
		}
		if (ticks - tp->t_rcvtime > tp->t_keepidle)
			tcp_keepalive(tp);
	}
	tcp_iss_base += 32000;
	splx(s);
}
