/*
 * Addresses of sockets, and what a protocol tells its sockets.
 */
#ifndef _SYS_SOCKET_H_
#define	_SYS_SOCKET_H_

#include <sys/types.h>

#define	AF_UNSPEC	0
#define	AF_LOCAL	1
#define	AF_INET		2
#define	AF_LINK		18
#define	AF_MAX		38

struct sockaddr {
	u_char	sa_len;
	u_char	sa_family;
	char	sa_data[14];
};

struct ucred;

struct socket {
	short		 so_type;
	short		 so_state;
	int		 so_error;
	void		*so_pcb;
	struct ucred	*so_cred;
};

void	soisconnected(struct socket *);
void	soisdisconnected(struct socket *);
void	sorwakeup(struct socket *);

#endif /* !_SYS_SOCKET_H_ */
