/*
 * Processes, threads and who they are.
 */
#ifndef _SYS_PROC_H_
#define	_SYS_PROC_H_

#include <sys/types.h>

struct prison;

struct ucred {
	u_int		 cr_ref;	/* reference count */
	u_int		 cr_uid;	/* effective user id */
	struct prison	*cr_prison;	/* jail, or NULL */
};

struct proc {
	int		 p_pid;
	struct ucred	*p_ucred;
};

struct thread {
	struct proc	*td_proc;
	struct ucred	*td_ucred;	/* reference to credentials */
	register_t	 td_retval[2];	/* what the syscall returns */
};

extern struct thread *curthread;
extern struct thread thread0;

#define	PRIV_HOSTNAME	1
#define	PRIV_JAIL	2
#define	PRIV_NET	3

#define	jailed(cred)	((cred)->cr_prison != NULL)

int	priv_check(struct thread *, int);
void	crhold(struct ucred *);
void	crfree(struct ucred *);

#endif /* !_SYS_PROC_H_ */
