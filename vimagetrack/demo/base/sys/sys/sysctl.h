/*
 * Variables that an administrator may read and set while the system runs.
 */
#ifndef _SYS_SYSCTL_H_
#define	_SYS_SYSCTL_H_

#include <sys/types.h>

struct thread;
struct sysctl_oid;

struct sysctl_req {
	struct thread	*td;
	void		*oldptr;
	size_t		 oldlen;
	const void	*newptr;
	size_t		 newlen;
};

#define	CTLTYPE_NODE	1
#define	CTLTYPE_INT	2
#define	CTLTYPE_STRING	3
#define	CTLTYPE_OPAQUE	5
#define	CTLTYPE_ULONG	8
#define	CTLFLAG_RD	0x80000000	/* may be read */
#define	CTLFLAG_WR	0x40000000	/* may be written */
#define	CTLFLAG_RW	(CTLFLAG_RD | CTLFLAG_WR)
#define	CTLFLAG_PRISON	0x04000000	/* prisoners may write it too */

#define	OID_AUTO	(-1)

#define	SYSCTL_HANDLER_ARGS						\
	struct sysctl_oid *oidp, void *arg1, int arg2, struct sysctl_req *req

struct sysctl_oid {
	const char	*oid_parent;
	int		 oid_number;
	u_int		 oid_kind;
	void		*oid_arg1;
	int		 oid_arg2;
	const char	*oid_name;
	int		(*oid_handler)(SYSCTL_HANDLER_ARGS);
	const char	*oid_descr;
};

#define	SYSCTL_OID(parent, nbr, name, kind, a1, a2, handler, descr)	\
	static struct sysctl_oid sysctl__ ## parent ## _ ## name	\
	    __attribute__((__used__, __section__("set_sysctl"))) = {	\
		#parent, nbr, kind, a1, a2, #name, handler, descr	\
	}

#define	SYSCTL_NODE(parent, nbr, name, access, handler, descr)		\
	SYSCTL_OID(parent, nbr, name, CTLTYPE_NODE | (access),		\
	    NULL, 0, handler, descr)
#define	SYSCTL_INT(parent, nbr, name, access, ptr, val, descr)		\
	SYSCTL_OID(parent, nbr, name, CTLTYPE_INT | (access),		\
	    ptr, val, sysctl_handle_int, descr)
#define	SYSCTL_ULONG(parent, nbr, name, access, ptr, val, descr)	\
	SYSCTL_OID(parent, nbr, name, CTLTYPE_ULONG | (access),		\
	    ptr, val, sysctl_handle_long, descr)
#define	SYSCTL_STRING(parent, nbr, name, access, arg, len, descr)	\
	SYSCTL_OID(parent, nbr, name, CTLTYPE_STRING | (access),	\
	    arg, len, sysctl_handle_string, descr)
#define	SYSCTL_STRUCT(parent, nbr, name, access, ptr, type, descr)	\
	SYSCTL_OID(parent, nbr, name, CTLTYPE_OPAQUE | (access),	\
	    ptr, sizeof(struct type), sysctl_handle_opaque, descr)
#define	SYSCTL_PROC(parent, nbr, name, access, ptr, arg, handler, descr) \
	SYSCTL_OID(parent, nbr, name, (access), ptr, arg, handler, descr)

int	sysctl_handle_int(SYSCTL_HANDLER_ARGS);
int	sysctl_handle_long(SYSCTL_HANDLER_ARGS);
int	sysctl_handle_string(SYSCTL_HANDLER_ARGS);
int	sysctl_handle_opaque(SYSCTL_HANDLER_ARGS);

#endif /* !_SYS_SYSCTL_H_ */
