/*
 * Packets on their way through the kernel.
 */
#ifndef _SYS_MBUF_H_
#define	_SYS_MBUF_H_

#include <sys/types.h>

struct ifnet;

struct mbuf {
	struct mbuf	*m_next;	/* next buffer of this packet */
	struct mbuf	*m_nextpkt;	/* next packet of the queue */
	caddr_t		 m_data;
	int		 m_len;
	int		 m_flags;
	struct ifnet	*m_rcvif;	/* where it came in */
	int		 m_pktlen;
};

#define	M_BCAST		0x0200
#define	M_MCAST		0x0400

#define	mtod(m, t)	((t)((m)->m_data))

struct mbuf	*m_pullup(struct mbuf *, int);
struct mbuf	*m_gethdr(int);
void	 m_freem(struct mbuf *);
void	 m_adj(struct mbuf *, int);

#endif /* !_SYS_MBUF_H_ */
