/*
 * The kernel's own sysctl variables.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/jail.h>
#include <sys/kernel.h>
#include <sys/proc.h>
#include <sys/sysctl.h>
#include <sys/systm.h>

static const char ostype[] = "DemoBSD";
static const char osrelease[] = "8.0-CURRENT";
static int securelevel = -1;
static int maxproc = 1044;

SYSCTL_NODE(, OID_AUTO, kern, CTLFLAG_RW, NULL, "High kernel, proc, limits &c");
SYSCTL_NODE(, OID_AUTO, net, CTLFLAG_RW, NULL, "Network, (see socket.h)");

SYSCTL_STRING(_kern, OID_AUTO, ostype, CTLFLAG_RD,
    (void *)(unsigned long)ostype, 0, "Operating system type");
SYSCTL_STRING(_kern, OID_AUTO, osrelease, CTLFLAG_RD,
    (void *)(unsigned long)osrelease, 0, "Operating system release");
SYSCTL_INT(_kern, OID_AUTO, maxproc, CTLFLAG_RD, &maxproc, 0,
    "Maximum number of processes");

/*
 * The host name.  In a jail it is the prison's, which the prisoner may
 * change if the administrator has allowed that.
 */
static int
sysctl_hostname(SYSCTL_HANDLER_ARGS)
{
	struct prison *pr;
	char tmphostname[MAXHOSTNAMELEN];
	int error;

	pr = req->td->td_ucred->cr_prison;
	if (pr != NULL) {
		if (!jail_set_hostname_allowed && req->newptr != NULL)
			return (EPERM);
		bcopy(pr->pr_host, tmphostname, sizeof(tmphostname));
		error = sysctl_handle_string(oidp, tmphostname,
		    sizeof(pr->pr_host), req);
		if (req->newptr == NULL || error)
			return (error);
		bcopy(tmphostname, pr->pr_host, sizeof(pr->pr_host));
		return (0);
	}
	bcopy(hostname, tmphostname, sizeof(hostname));
	error = sysctl_handle_string(oidp, tmphostname, sizeof(hostname), req);
	if (req->newptr == NULL || error)
		return (error);
	bcopy(tmphostname, hostname, sizeof(hostname));
	log(LOG_INFO, "host name is now %s\n", hostname);
	return (0);
}

SYSCTL_PROC(_kern, OID_AUTO, hostname,
    CTLTYPE_STRING | CTLFLAG_RW | CTLFLAG_PRISON,
    NULL, 0, sysctl_hostname, "Hostname");

static int
sysctl_domainname(SYSCTL_HANDLER_ARGS)
{
	char tmpname[MAXHOSTNAMELEN];
	int error;

	strlcpy(tmpname, domainname, sizeof(tmpname));
	error = sysctl_handle_string(oidp, tmpname, sizeof(tmpname), req);
	if (error == 0 && req->newptr != NULL) {
		if (jailed(req->td->td_ucred))
			return (EPERM);
		strlcpy(domainname, tmpname, sizeof(domainname));
	}
	return (error);
}

SYSCTL_PROC(_kern, OID_AUTO, domainname, CTLTYPE_STRING | CTLFLAG_RW,
    NULL, 0, sysctl_domainname, "Name of the current YP/NIS domain");

SYSCTL_ULONG(_kern, OID_AUTO, hostid, CTLFLAG_RW, &hostid, 0, "Host ID");

/*
 * The security level may be raised, but never lowered while the system runs.
 */
static int
sysctl_securelevel(SYSCTL_HANDLER_ARGS)
{
	struct prison *pr;
	int error, level;

	pr = req->td->td_ucred->cr_prison;
	level = securelevel;
	if (pr != NULL)
		level = max(securelevel, pr->pr_securelevel);
	error = sysctl_handle_int(oidp, &level, 0, req);
	if (error || req->newptr == NULL)
		return (error);
	if (pr != NULL) {
		if (level < pr->pr_securelevel)
			return (EPERM);
		pr->pr_securelevel = level;
	} else {
		if (level < securelevel)
			return (EPERM);
		securelevel = level;
	}
	return (0);
}

SYSCTL_PROC(_kern, OID_AUTO, securelevel,
    CTLTYPE_INT | CTLFLAG_RW | CTLFLAG_PRISON,
    NULL, 0, sysctl_securelevel, "Current secure level");
