/*
 * What the kernel's parts call of each other: printing, copying, asserting.
 */
#ifndef _SYS_SYSTM_H_
#define	_SYS_SYSTM_H_

#include <sys/types.h>
#include <sys/param.h>

#define	LOG_ERR		3
#define	LOG_NOTICE	5
#define	LOG_INFO	6
#define	LOG_DEBUG	7

int	printf(const char *, ...) __printflike(1, 2);
void	log(int, const char *, ...) __printflike(2, 3);
int	snprintf(char *, size_t, const char *, ...) __printflike(3, 4);
void	panic(const char *, ...) __printflike(1, 2);

void	bcopy(const void *, void *, size_t);
void	bzero(void *, size_t);
size_t	strlen(const char *);
int	strcmp(const char *, const char *);
size_t	strlcpy(char *, const char *, size_t);

int	copyin(const void *, void *, size_t);
int	copyout(const void *, void *, size_t);
int	copyinstr(const void *, void *, size_t, size_t *);

int	splnet(void);
void	splx(int);

extern int ticks;		/* counts up hz times in a second */
extern u_long time_uptime;	/* seconds since boot */

#define	KASSERT(exp, msg) do {						\
	if (!(exp))							\
		panic msg;						\
} while (0)

#endif /* !_SYS_SYSTM_H_ */
