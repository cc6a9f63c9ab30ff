/*
 * Protocol control blocks of the Internet protocols.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/jail.h>
#include <sys/kernel.h>
#include <sys/malloc.h>
#include <sys/proc.h>
#include <sys/socket.h>
#include <sys/sysctl.h>
#include <sys/systm.h>
#include <net/if_var.h>
#include <netinet/in.h>
#include <netinet/in_pcb.h>
#include <netinet/in_var.h>

MALLOC_DEFINE(M_PCB, "pcb", "protocol control block");

SYSCTL_NODE(_net_inet_ip, OID_AUTO, portrange, CTLFLAG_RW, NULL, "IP Ports");

/*
 * Keep the range of automatic ports sane whatever the administrator writes.
 */
static int
sysctl_net_ipport_check(SYSCTL_HANDLER_ARGS)
{
	int error;

	error = sysctl_handle_int(oidp, arg1, arg2, req);
	if (error == 0) {
		ipport_firstauto = max(ipport_firstauto, IPPORT_RESERVED);
		ipport_firstauto = min(ipport_firstauto, 65535);
		ipport_lastauto = max(ipport_lastauto, IPPORT_RESERVED);
		ipport_lastauto = min(ipport_lastauto, 65535);
	}
	return (error);
}

SYSCTL_PROC(_net_inet_ip_portrange, OID_AUTO, first,
    CTLTYPE_INT | CTLFLAG_RW, &ipport_firstauto, 0,
    sysctl_net_ipport_check, "First automatic port");
SYSCTL_PROC(_net_inet_ip_portrange, OID_AUTO, last,
    CTLTYPE_INT | CTLFLAG_RW, &ipport_lastauto, 0,
    sysctl_net_ipport_check, "Last automatic port");
SYSCTL_INT(_net_inet_ip_portrange, OID_AUTO, randomized, CTLFLAG_RW,
    &ipport_randomized, 0, "Enable random port allocation");

static u_int ipport_tick;	/* a poor man's random numbers */

int
in_pcballoc(struct socket *so, struct inpcbinfo *pcbinfo)
{
	struct inpcb *inp;

	inp = malloc(sizeof(*inp), M_PCB, M_NOWAIT | M_ZERO);
	if (inp == NULL)
		return (ENOBUFS);
	inp->inp_pcbinfo = pcbinfo;
	inp->inp_socket = so;
	inp->inp_cred = so->so_cred;
	crhold(inp->inp_cred);
	LIST_INSERT_HEAD(&pcbinfo->ipi_listhead, inp, inp_list);
	pcbinfo->ipi_count++;
	so->so_pcb = inp;
	return (0);
}

/*
 * Find a block by both of its ends; INADDR_ANY on our side matches all.
 */
struct inpcb *
in_pcblookup(struct inpcbinfo *pcbinfo, struct in_addr faddr, in_port_t fport,
    struct in_addr laddr, in_port_t lport)
{
	struct inpcb *inp, *wild;

	wild = NULL;
	LIST_FOREACH(inp, &pcbinfo->ipi_listhead, inp_list) {
		if (inp->inp_lport != lport)
			continue;
		if (inp->inp_faddr.s_addr == faddr.s_addr &&
		    inp->inp_fport == fport &&
		    inp->inp_laddr.s_addr == laddr.s_addr)
			return (inp);
		if (inp->inp_faddr.s_addr == INADDR_ANY &&
		    (inp->inp_laddr.s_addr == INADDR_ANY ||
		    inp->inp_laddr.s_addr == laddr.s_addr))
			wild = inp;
	}
	return (wild);
}

static int
in_pcbportfree(struct inpcbinfo *pcbinfo, in_port_t lport)
{
	struct inpcb *inp;

	LIST_FOREACH(inp, &pcbinfo->ipi_listhead, inp_list)
		if (inp->inp_lport == lport)
			return (0);
	return (1);
}

/*
 * Choose a port for a socket that does not care.
 */
static int
in_pcbautoport(struct inpcb *inp)
{
	struct inpcbinfo *pcbinfo;
	int first, last, count;
	in_port_t lport;

	pcbinfo = inp->inp_pcbinfo;
	first = ipport_firstauto;
	last = ipport_lastauto;
	if (first > last) {
		count = first;
		first = last;
		last = count;
	}
	if (ipport_randomized) {
		ipport_tick = ipport_tick * 1103515245 + 12345;
		pcbinfo->ipi_lastport = (in_port_t)(first +
		    (int)(ipport_tick % (u_int)(last - first + 1)));
	}
	count = last - first;
	do {
		if (count-- < 0)
			return (EADDRNOTAVAIL);
		++pcbinfo->ipi_lastport;
		if (pcbinfo->ipi_lastport < first ||
		    pcbinfo->ipi_lastport > last)
			pcbinfo->ipi_lastport = (in_port_t)first;
		lport = htons(pcbinfo->ipi_lastport);
	} while (!in_pcbportfree(pcbinfo, lport));
	inp->inp_lport = lport;
	return (0);
}

int
in_pcbbind(struct inpcb *inp, struct sockaddr_in *sin, struct ucred *cred)
{
	struct in_addr laddr;

	if (TAILQ_EMPTY(&in_ifaddrhead))
		return (EADDRNOTAVAIL);
	if (inp->inp_lport != 0 || inp->inp_laddr.s_addr != INADDR_ANY)
		return (EINVAL);
	laddr.s_addr = INADDR_ANY;
	if (sin != NULL) {
		laddr = sin->sin_addr;
		if (prison_ip(cred, 0, &laddr.s_addr))
			return (EADDRNOTAVAIL);
		if (laddr.s_addr != INADDR_ANY &&
		    in_ifawithaddr(laddr) == NULL)
			return (EADDRNOTAVAIL);
		if (sin->sin_port != 0) {
			if (!in_pcbportfree(inp->inp_pcbinfo, sin->sin_port))
				return (EADDRINUSE);
			inp->inp_lport = sin->sin_port;
		}
	}
	inp->inp_laddr = laddr;
	if (inp->inp_lport == 0)
		return (in_pcbautoport(inp));
	return (0);
}

int
in_pcbconnect(struct inpcb *inp, struct sockaddr_in *sin, struct ucred *cred)
{
	struct in_addr laddr;
	int error;

	if (sin->sin_family != AF_INET)
		return (EINVAL);
	if (sin->sin_port == 0)
		return (EADDRNOTAVAIL);
	laddr = inp->inp_laddr;
	if (laddr.s_addr == INADDR_ANY && !TAILQ_EMPTY(&in_ifaddrhead))
		laddr = TAILQ_FIRST(&in_ifaddrhead)->ia_addr.sin_addr;
	if (prison_ip(cred, 0, &laddr.s_addr))
		return (EADDRNOTAVAIL);
	if (inp->inp_lport == 0) {
		error = in_pcbautoport(inp);
		if (error)
			return (error);
	}
	inp->inp_laddr = laddr;
	inp->inp_faddr = sin->sin_addr;
	inp->inp_fport = sin->sin_port;
	return (0);
}

void
in_pcbdetach(struct inpcb *inp)
{

	inp->inp_socket->so_pcb = NULL;
	LIST_REMOVE(inp, inp_list);
	inp->inp_pcbinfo->ipi_count--;
	crfree(inp->inp_cred);
	free(inp, M_PCB);
}

/*
 * Tell all sockets that talk to an address what became of it.
 */
void
in_pcbnotifyall(struct inpcbinfo *pcbinfo, struct in_addr faddr, int error)
{
	struct inpcb *inp;
	int s;

	s = splnet();
	LIST_FOREACH(inp, &pcbinfo->ipi_listhead, inp_list) {
		if (inp->inp_faddr.s_addr != faddr.s_addr ||
		    inp->inp_socket == NULL)
			continue;
		inp->inp_socket->so_error = error;
		sorwakeup(inp->inp_socket);
	}
	splx(s);
}
