/*
 * Global variables of the kernel, and the order in which it starts.
 */
#ifndef _SYS_KERNEL_H_
#define	_SYS_KERNEL_H_

#include <sys/param.h>

/* Global variables of the kernel. */
extern char hostname[MAXHOSTNAMELEN];	/* this machine's name */
extern char domainname[MAXHOSTNAMELEN];	/* its NIS domain */
extern u_long hostid;			/* its number, set by an administrator */

enum sysinit_sub_id {
	SI_SUB_KMEM		= 0x1800000,
	SI_SUB_INIT_IF		= 0x6000000,
	SI_SUB_PROTO_DOMAIN	= 0x8800000,
	SI_SUB_PSEUDO		= 0x9800000,
};

struct sysinit {
	enum sysinit_sub_id	 subsystem;
	void			(*func)(const void *);
	const void		*udata;
};

#define	SYSINIT(uniquifier, subsystem, func, ident)			\
	static const struct sysinit uniquifier ## _sys_init		\
	    __attribute__((__used__, __section__("set_sysinit"))) = {	\
		subsystem, func, ident					\
	}

#endif /* !_SYS_KERNEL_H_ */
