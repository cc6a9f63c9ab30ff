/*
 * Jails.
 *
 * A prison has a root, a name and an address.  Its processes see their own
 * name, bind to their own address, and find no processes but their own.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/jail.h>
#include <sys/kernel.h>
#include <sys/malloc.h>
#include <sys/proc.h>
#include <sys/sysctl.h>
#include <sys/systm.h>
#include <netinet/in.h>

MALLOC_DEFINE(M_PRISON, "prison", "Prison structures");

SYSCTL_NODE(_security, OID_AUTO, jail, CTLFLAG_RW, NULL, "Jail rules");

int	jail_set_hostname_allowed = 1;
SYSCTL_INT(_security_jail, OID_AUTO, set_hostname_allowed, CTLFLAG_RW,
    &jail_set_hostname_allowed, 0,
    "Processes in jail can set their hostnames");

int	jail_socket_unixiproute_only = 1;
SYSCTL_INT(_security_jail, OID_AUTO, socket_unixiproute_only, CTLFLAG_RW,
    &jail_socket_unixiproute_only, 0,
    "Processes in jail are limited to creating UNIX/IPv4/route sockets only");

static int jail_max = 512;
SYSCTL_INT(_security_jail, OID_AUTO, max, CTLFLAG_RW, &jail_max, 0,
    "How many jails there may be at once");

struct	prisonlist allprison;
int	prisoncount = 0;
static int lastprid = 0;

/*
 * Find a prison by its number.  The caller gets no reference.
 */
struct prison *
prison_find(int prid)
{
	struct prison *pr;

	LIST_FOREACH(pr, &allprison, pr_list) {
		if (pr->pr_id == prid)
			return (pr);
	}
	return (NULL);
}

void
prison_hold(struct prison *pr)
{

	KASSERT(pr->pr_ref > 0, ("prison_hold: no reference to hold on to"));
	pr->pr_ref++;
}

void
prison_free(struct prison *pr)
{

	if (--pr->pr_ref > 0)
		return;
	LIST_REMOVE(pr, pr_list);
	prisoncount--;
	free(pr, M_PRISON);
}

/*
 * Take the next free number.  Zero is never a prison.
 */
static int
prison_newid(void)
{
	int tryprid;

	tryprid = lastprid + 1;
	while (tryprid <= 0 || prison_find(tryprid) != NULL) {
		if (tryprid == lastprid)
			return (0);
		tryprid = tryprid < 0 ? 1 : tryprid + 1;
	}
	lastprid = tryprid;
	return (tryprid);
}

/*
 * Create a prison and put the calling process into it.
 */
int
kern_jail(struct thread *td, struct jail *j)
{
	struct prison *pr;
	int error;

	error = priv_check(td, PRIV_JAIL);
	if (error)
		return (error);
	if (j->version != JAIL_API_VERSION)
		return (EINVAL);
	if (prisoncount >= jail_max)
		return (ENOMEM);

	pr = malloc(sizeof(*pr), M_PRISON, M_WAITOK | M_ZERO);
	pr->pr_ref = 1;
	error = copyinstr(j->path, pr->pr_path, sizeof(pr->pr_path), NULL);
	if (error)
		goto bad;
	error = copyinstr(j->hostname, pr->pr_host, sizeof(pr->pr_host), NULL);
	if (error)
		goto bad;
	if (pr->pr_host[0] == '\0')
		strlcpy(pr->pr_host, hostname, sizeof(pr->pr_host));
	pr->pr_ip = j->ip_number;
	pr->pr_securelevel = -1;
	pr->pr_id = prison_newid();
	if (pr->pr_id == 0) {
		error = ENOMEM;
		goto bad;
	}
	LIST_INSERT_HEAD(&allprison, pr, pr_list);
	prisoncount++;

	error = kern_jail_attach(td, pr->pr_id);
	if (error) {
		prison_free(pr);
		return (error);
	}
	td->td_retval[0] = pr->pr_id;
	return (0);
bad:
	free(pr, M_PRISON);
	return (error);
}

/*
 * Put the calling process into a prison that exists.  There is no way out.
 */
int
kern_jail_attach(struct thread *td, int jid)
{
	struct prison *pr;
	struct ucred *cred;
	int error;

	error = priv_check(td, PRIV_JAIL);
	if (error)
		return (error);
	pr = prison_find(jid);
	if (pr == NULL)
		return (EINVAL);
	cred = td->td_ucred;
	if (jailed(cred))
		return (EPERM);
	prison_hold(pr);
	crhold(cred);
	cred->cr_prison = pr;
	crfree(cred);
	return (0);
}

/*
 * May one credential see the other?  Zero is yes.
 */
int
prison_check(struct ucred *cred1, struct ucred *cred2)
{

	if (jailed(cred1)) {
		if (!jailed(cred2))
			return (EPERM);
		if (cred2->cr_prison != cred1->cr_prison)
			return (EPERM);
	}
	return (0);
}

/*
 * The name that a credential's processes see.
 */
void
prison_gethost(struct ucred *cred, char *buf, size_t size)
{

	if (jailed(cred))
		strlcpy(buf, cred->cr_prison->pr_host, size);
	else
		strlcpy(buf, hostname, size);
}

u_int32_t
prison_getip(struct ucred *cred)
{

	return (jailed(cred) ? cred->cr_prison->pr_ip : INADDR_ANY);
}

/*
 * Replace "any" by the prison's address, and refuse every other one.
 */
int
prison_ip(struct ucred *cred, int flag, u_int32_t *ip)
{
	u_int32_t tmp;

	if (!jailed(cred))
		return (0);
	tmp = flag ? *ip : ntohl(*ip);
	if (tmp == INADDR_ANY || tmp == INADDR_LOOPBACK) {
		*ip = flag ? cred->cr_prison->pr_ip :
		    htonl(cred->cr_prison->pr_ip);
		return (0);
	}
	return (cred->cr_prison->pr_ip != tmp);
}

static void
jail_init(const void *unused __unused)
{

	LIST_INIT(&allprison);
	prisoncount = 0;
}
SYSINIT(jail, SI_SUB_PSEUDO, jail_init, NULL);

/*
 * One line for each prison, for the console.
 */
void
jail_list(void)
{
	struct prison *pr;

	printf("%5s %-24s %s\n", "JID", "Hostname", "Path");
	printf("%5d %-24s %s\n", 0, hostname, "/");
	LIST_FOREACH(pr, &allprison, pr_list)
		printf("%5d %-24s %s\n", pr->pr_id, pr->pr_host, pr->pr_path);
}
