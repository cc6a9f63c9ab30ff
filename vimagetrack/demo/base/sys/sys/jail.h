/*
 * Jails: a process and its children, shut into a name, a root and an address.
 */
#ifndef _SYS_JAIL_H_
#define	_SYS_JAIL_H_

#include <sys/param.h>
#include <sys/queue.h>

struct thread;
struct ucred;

/* What userland hands to jail(2). */
struct jail {
	u_int32_t	 version;
	char		*path;
	char		*hostname;
	u_int32_t	 ip_number;
};
#define	JAIL_API_VERSION	0

struct prison {
	LIST_ENTRY(prison) pr_list;		/* all prisons */
	int		 pr_id;			/* prison id */
	int		 pr_ref;		/* reference count */
	char		 pr_path[MAXPATHLEN];	/* root of the prison */
	char		 pr_host[MAXHOSTNAMELEN]; /* its host name */
	u_int32_t	 pr_ip;			/* its address */
	int		 pr_securelevel;
};

LIST_HEAD(prisonlist, prison);

extern struct prisonlist allprison;
extern int prisoncount;
extern int jail_set_hostname_allowed;
extern int jail_socket_unixiproute_only;

struct prison	*prison_find(int);
void	 prison_hold(struct prison *);
void	 prison_free(struct prison *);
int	 prison_check(struct ucred *, struct ucred *);
void	 prison_gethost(struct ucred *, char *, size_t);
u_int32_t prison_getip(struct ucred *);
int	 prison_ip(struct ucred *, int, u_int32_t *);
int	 kern_jail(struct thread *, struct jail *);
int	 kern_jail_attach(struct thread *, int);

#endif /* !_SYS_JAIL_H_ */
