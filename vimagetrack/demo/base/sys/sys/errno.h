/*
 * Error numbers.
 */
#ifndef _SYS_ERRNO_H_
#define	_SYS_ERRNO_H_

#define	EPERM		1	/* Operation not permitted */
#define	ENOENT		2	/* No such file or directory */
#define	ENXIO		6	/* Device not configured */
#define	ENOMEM		12	/* Cannot allocate memory */
#define	EFAULT		14	/* Bad address */
#define	EBUSY		16	/* Device busy */
#define	EEXIST		17	/* File exists */
#define	EINVAL		22	/* Invalid argument */
#define	EPROTONOSUPPORT	43	/* Protocol not supported */
#define	EADDRINUSE	48	/* Address already in use */
#define	EADDRNOTAVAIL	49	/* Can't assign requested address */
#define	ENETUNREACH	51	/* Network is unreachable */
#define	ENOBUFS		55	/* No buffer space available */
#define	ENAMETOOLONG	63	/* File name too long */
#define	EHOSTUNREACH	65	/* No route to host */

#endif /* !_SYS_ERRNO_H_ */
