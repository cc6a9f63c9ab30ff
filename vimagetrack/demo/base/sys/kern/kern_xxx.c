/*
 * Old system calls around the host's name, kept for old programs, and what
 * the kernel prints of the name by itself.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/jail.h>
#include <sys/kernel.h>
#include <sys/proc.h>
#include <sys/systm.h>

#define	HOSTNAME_QUIET	0
#define	HOSTNAME_SHOUT	1

struct gethostname_args {
	char	*name;
	u_int	 len;
};

struct sethostname_args {
	char	*name;
	u_int	 len;
};

struct getdomainname_args {
	char	*domainname;
	int	 len;
};

/*
 * Print a name with what it stands for.  Quietly: only into the log.
 */
static void
hostname_report(const char *name, int loud)
{

	if (name[0] == '\0')
		name = "Amnesiac";
	if (loud)
		printf("%s: up %lu seconds\n", name, time_uptime);
	else
		log(LOG_DEBUG, "%s\n", name);
}

int
ogethostname(struct thread *td, struct gethostname_args *uap)
{
	char buf[MAXHOSTNAMELEN];
	size_t len;

	len = uap->len;
	if (len > MAXHOSTNAMELEN)
		len = MAXHOSTNAMELEN;
	if (jailed(td->td_ucred)) {
		prison_gethost(td->td_ucred, buf, sizeof(buf));
		return (copyout(buf, uap->name, len));
	}
	return (copyout(hostname, uap->name, len));
}

int
osethostname(struct thread *td, struct sethostname_args *uap)
{
	int error;

	error = priv_check(td, PRIV_HOSTNAME);
	if (error)
		return (error);
	if (uap->len >= sizeof(hostname))
		return (ENAMETOOLONG);
	error = copyin(uap->name, hostname, uap->len);
	hostname[uap->len] = '\0';
	hostname_report(hostname, HOSTNAME_QUIET);
	return (error);
}

int
ogethostid(struct thread *td, void *uap __unused)
{

	td->td_retval[0] = (register_t)hostid;
	return (0);
}

int
getdomainname(struct thread *td __unused, struct getdomainname_args *uap)
{
	size_t len;

	len = strlen(domainname) + 1;
	if ((u_int)uap->len > len + 1)
		uap->len = (int)len + 1;
	return (copyout(domainname, uap->domainname, (size_t)uap->len));
}

int
setdomainname(struct thread *td, struct getdomainname_args *uap)
{
	size_t len;
	int error;

	error = priv_check(td, PRIV_HOSTNAME);
	if (error)
		return (error);
	if ((u_int)uap->len > sizeof(domainname) - 1)
		return (EINVAL);
	error = copyinstr(uap->domainname, domainname, sizeof(domainname),
	    &len);
	if (error == 0)
		log(LOG_NOTICE, "domain name is now %s\n", domainname);
	return (error);
}

/*
 * Called by the console's status key.
 */
void
host_status(void)
{

	hostname_report(hostname, HOSTNAME_QUIET);
	if (domainname[0] != '\0')
		hostname_report(domainname, HOSTNAME_QUIET);
	log(LOG_DEBUG, "host id 0x%lx\n", hostid);
}
