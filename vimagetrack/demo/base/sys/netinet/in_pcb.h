/*
 * Protocol control blocks: which socket talks to whom.
 */
#ifndef _NETINET_IN_PCB_H_
#define	_NETINET_IN_PCB_H_

#include <sys/queue.h>
#include <netinet/in.h>

struct socket;
struct ucred;

struct inpcb {
	LIST_ENTRY(inpcb) inp_list;
	struct inpcbinfo *inp_pcbinfo;
	struct in_addr	 inp_faddr;
	struct in_addr	 inp_laddr;
	in_port_t	 inp_fport;
	in_port_t	 inp_lport;
	struct socket	*inp_socket;
	struct ucred	*inp_cred;
	void		*inp_ppcb;
};

LIST_HEAD(inpcbhead, inpcb);

struct inpcbinfo {
	struct inpcbhead ipi_listhead;
	u_int		 ipi_count;
	in_port_t	 ipi_lastport;
};

/* Global variables of the control blocks. */
extern int ipport_firstauto;
extern int ipport_lastauto;
extern int ipport_randomized;

int	 in_pcballoc(struct socket *, struct inpcbinfo *);
int	 in_pcbbind(struct inpcb *, struct sockaddr_in *, struct ucred *);
int	 in_pcbconnect(struct inpcb *, struct sockaddr_in *, struct ucred *);
void	 in_pcbdetach(struct inpcb *);
struct inpcb	*in_pcblookup(struct inpcbinfo *, struct in_addr, in_port_t,
	    struct in_addr, in_port_t);
void	 in_pcbnotifyall(struct inpcbinfo *, struct in_addr, int);

#endif /* !_NETINET_IN_PCB_H_ */
