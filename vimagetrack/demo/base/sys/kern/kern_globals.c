/*
 * Global variables of the kernel and of its network stack.
 *
 * They live in one object, so that netstat(1) and the crash tools find them
 * by name in one place.  Private variables of a module stay in the module.
 */
#include <sys/param.h>
#include <sys/kernel.h>
#include <net/if_var.h>
#include <net/route.h>
#include <netinet/in_var.h>
#include <netinet/ip_var.h>
#include <netinet/in_pcb.h>
#include <netinet/tcp_var.h>
#include <netinet/udp_var.h>

/* The machine. */
char	hostname[MAXHOSTNAMELEN];
char	domainname[MAXHOSTNAMELEN];
u_long	hostid;

/* Interfaces. */
struct	ifnethead ifnet = TAILQ_HEAD_INITIALIZER(ifnet);
struct	ifnet *ifindex_table[IF_MAXUNITS];
int	if_index = 0;
int	ifqmaxlen = 50;
struct	ifnet *loif;

/* Routes. */
struct	rthead rt_table[RT_HASHSIZE];
struct	rtstat rtstat;
int	rttrash;

/* Internet addresses. */
struct	in_ifaddrhead in_ifaddrhead = TAILQ_HEAD_INITIALIZER(in_ifaddrhead);
int	subnetsarelocal = 0;

/* Internet protocol. */
struct	ipstat ipstat;
int	ip_defttl = IPDEFTTL;
int	ipforwarding = 0;
int	ipsendredirects = 1;
u_int16_t ip_id;
int	ip_do_randomid = 0;

/* Control blocks. */
int	ipport_firstauto = IPPORT_EPHEMERALFIRST;
int	ipport_lastauto = IPPORT_EPHEMERALLAST;
int	ipport_randomized = 1;

/* Transports. */
struct	inpcbinfo tcbinfo;
struct	tcpstat tcpstat;
int	tcp_mssdflt = TCP_MSS;
int	tcp_keepidle = TCPTV_KEEP_IDLE;
int	tcp_keepintvl = TCPTV_KEEPINTVL;
int	tcp_msl = TCPTV_MSL;
u_int32_t tcp_iss_base;
struct	inpcbinfo udbinfo;
struct	udpstat udpstat;
int	udp_cksum = 1;
