/*
 * The kernel's allocator, as its users see it.
 */
#ifndef _SYS_MALLOC_H_
#define	_SYS_MALLOC_H_

#include <sys/types.h>

#define	M_NOWAIT	0x0001	/* do not block; may return NULL */
#define	M_WAITOK	0x0002	/* ok to block; never returns NULL */
#define	M_ZERO		0x0100	/* zero the memory */

struct malloc_type {
	const char	*ks_shortdesc;
	u_long		 ks_inuse;
};

#define	MALLOC_DECLARE(type)	extern struct malloc_type type[1]
#define	MALLOC_DEFINE(type, shortdesc, longdesc)			\
	struct malloc_type type[1] = { { shortdesc, 0 } }

MALLOC_DECLARE(M_IFADDR);
MALLOC_DECLARE(M_PCB);
MALLOC_DECLARE(M_PRISON);
MALLOC_DECLARE(M_RTABLE);

void	*malloc(size_t, struct malloc_type *, int);
void	 free(void *, struct malloc_type *);

#endif /* !_SYS_MALLOC_H_ */
