/*
 * The transmission control protocol.
 */
#ifndef _NETINET_TCP_VAR_H_
#define	_NETINET_TCP_VAR_H_

#include <netinet/in_pcb.h>

struct mbuf;

#define	TCP_MSS		512
#define	TCPTV_KEEP_IDLE	(120 * 60 * hz)
#define	TCPTV_KEEPINTVL	(75 * hz)
#define	TCPTV_MSL	(30 * hz)

enum tcpstate {
	TCPS_CLOSED,
	TCPS_LISTEN,
	TCPS_SYN_SENT,
	TCPS_ESTABLISHED,
	TCPS_TIME_WAIT,
};

struct tcpcb {
	struct inpcb	*t_inpcb;
	enum tcpstate	 t_state;
	u_int		 t_maxseg;
	int		 t_rxtshift;
	int		 t_keepidle;
	int		 t_rcvtime;	/* ticks when something last came in */
	u_int32_t	 iss;
	u_int32_t	 snd_nxt;
	u_int32_t	 rcv_nxt;
};

#define	intotcpcb(ip)	((struct tcpcb *)(ip)->inp_ppcb)

struct tcpstat {
	u_long	tcps_connattempt;	/* connections initiated */
	u_long	tcps_accepts;		/* connections accepted */
	u_long	tcps_drops;		/* connections dropped */
	u_long	tcps_timeoutdrop;	/* conn. dropped in rxmt timeout */
	u_long	tcps_keepprobe;		/* keepalive probes sent */
	u_long	tcps_keepdrops;		/* connections dropped in keepalive */
	u_long	tcps_rcvtotal;		/* total packets received */
	u_long	tcps_badsum;
};

/* Global variables of TCP. */
extern struct inpcbinfo tcbinfo;
extern struct tcpstat tcpstat;
extern int tcp_mssdflt;			/* default maximum segment size */
extern int tcp_keepidle;
extern int tcp_keepintvl;
extern int tcp_msl;
extern u_int32_t tcp_iss_base;

void	 tcp_init(const void *);
struct tcpcb	*tcp_newtcpcb(struct inpcb *);
struct tcpcb	*tcp_drop(struct tcpcb *, int);
struct tcpcb	*tcp_close(struct tcpcb *);
int	 tcp_attach(struct socket *);
int	 tcp_connect(struct tcpcb *, struct sockaddr_in *, struct ucred *);
u_int32_t tcp_new_isn(struct tcpcb *);
void	 tcp_slowtimo(void);
void	 tcp_keepalive(struct tcpcb *);

#endif /* !_NETINET_TCP_VAR_H_ */
