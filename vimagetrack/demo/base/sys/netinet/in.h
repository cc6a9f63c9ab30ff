/*
 * The Internet protocols' addresses and numbers.
 */
#ifndef _NETINET_IN_H_
#define	_NETINET_IN_H_

#include <sys/types.h>
#include <sys/socket.h>

#define	IPPROTO_IP	0
#define	IPPROTO_ICMP	1
#define	IPPROTO_TCP	6
#define	IPPROTO_UDP	17
#define	IPPROTO_MAX	256

#define	INADDR_ANY		((in_addr_t)0x00000000)
#define	INADDR_LOOPBACK		((in_addr_t)0x7f000001)
#define	INADDR_BROADCAST	((in_addr_t)0xffffffff)

#define	IPPORT_RESERVED		1024
#define	IPPORT_EPHEMERALFIRST	10000
#define	IPPORT_EPHEMERALLAST	65535

struct in_addr {
	in_addr_t	s_addr;
};

struct sockaddr_in {
	u_char		sin_len;
	u_char		sin_family;
	in_port_t	sin_port;
	struct in_addr	sin_addr;
	char		sin_zero[8];
};

#define	satosin(sa)	((struct sockaddr_in *)(sa))

#endif /* !_NETINET_IN_H_ */
