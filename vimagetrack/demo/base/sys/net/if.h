/*
 * Network interfaces, as userland sees them.
 */
#ifndef _NET_IF_H_
#define	_NET_IF_H_

#include <sys/socket.h>

#define	IFNAMSIZ	16

#define	IFF_UP		0x1	/* interface is up */
#define	IFF_BROADCAST	0x2
#define	IFF_LOOPBACK	0x8
#define	IFF_MULTICAST	0x8000

struct ifreq {
	char	ifr_name[IFNAMSIZ];
	union {
		struct sockaddr	ifru_addr;
		short		ifru_flags;
		int		ifru_mtu;
		int		ifru_index;
	} ifr_ifru;
};

#define	SIOCGIFFLAGS	0x11
#define	SIOCSIFFLAGS	0x10
#define	SIOCGIFMTU	0x33
#define	SIOCSIFMTU	0x34
#define	SIOCGIFINDEX	0x20

#endif /* !_NET_IF_H_ */
