/*
 * Basic types of the demo kernel.
 *
 * The demo tree is a toy: small enough to read in an afternoon, shaped like
 * a BSD kernel of 2008 where the work on network stack virtualisation began.
 */
#ifndef _SYS_TYPES_H_
#define	_SYS_TYPES_H_

typedef unsigned char		u_char;
typedef unsigned short		u_short;
typedef unsigned int		u_int;
typedef unsigned long		u_long;

typedef unsigned char		u_int8_t;
typedef unsigned short		u_int16_t;
typedef unsigned int		u_int32_t;
typedef unsigned long long	u_int64_t;

typedef __SIZE_TYPE__		size_t;
typedef __PTRDIFF_TYPE__	ssize_t;
typedef char			*caddr_t;
typedef int			register_t;

typedef u_int32_t		in_addr_t;
typedef u_int16_t		in_port_t;

#ifndef NULL
#define	NULL	((void *)0)
#endif

#endif /* !_SYS_TYPES_H_ */
