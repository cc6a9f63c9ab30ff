/*
 * Limits and helpers that everything in the kernel needs.
 */
#ifndef _SYS_PARAM_H_
#define	_SYS_PARAM_H_

#include <sys/types.h>

#define	MAXHOSTNAMELEN	256	/* max hostname size, with the final NUL */
#define	MAXJAILNAMELEN	64
#define	MAXPATHLEN	1024

#define	hz		100	/* ticks of the clock in one second */

#define	min(a, b)	((a) < (b) ? (a) : (b))
#define	max(a, b)	((a) > (b) ? (a) : (b))
#define	nitems(x)	(sizeof((x)) / sizeof((x)[0]))

#define	__offsetof(type, field)	__builtin_offsetof(type, field)
#define	__unused		__attribute__((__unused__))
#define	__printflike(f, a)	__attribute__((__format__(__printf__, f, a)))

/* Host order here is network order there: the demo machine is little endian. */
#define	htons(x)	((u_int16_t)((((x) & 0xff) << 8) | (((x) >> 8) & 0xff)))
#define	ntohs(x)	htons(x)
#define	htonl(x)	__builtin_bswap32(x)
#define	ntohl(x)	__builtin_bswap32(x)

#endif /* !_SYS_PARAM_H_ */
