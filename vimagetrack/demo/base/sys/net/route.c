/*
 * The routing table: a hash of destinations, which is enough for a toy.
 */
#include <sys/param.h>
#include <sys/errno.h>
#include <sys/kernel.h>
#include <sys/malloc.h>
#include <sys/socket.h>
#include <sys/sysctl.h>
#include <sys/systm.h>
#include <net/if.h>
#include <net/if_var.h>
#include <net/route.h>

MALLOC_DEFINE(M_RTABLE, "routetbl", "routing tables");

SYSCTL_NODE(_net, OID_AUTO, route, CTLFLAG_RW, NULL, "Routing");
SYSCTL_STRUCT(_net_route, OID_AUTO, stats, CTLFLAG_RW, &rtstat, rtstat,
    "Statistics of the routing table");
SYSCTL_INT(_net_route, OID_AUTO, trash, CTLFLAG_RD, &rttrash, 0,
    "Routes that are not in the table but not freed");

#define	RT_HASH(dst)	((ntohl(dst) >> 8) % RT_HASHSIZE)

void
route_init(const void *unused __unused)
{
	int i;

	for (i = 0; i < RT_HASHSIZE; i++)
		LIST_INIT(&rt_table[i]);
	rttrash = 0;
}
SYSINIT(route, SI_SUB_PROTO_DOMAIN, route_init, NULL);

/*
 * Find the route to a destination.  A host route in the destination's own
 * bucket comes first, then the most specific network.
 */
struct rtentry *
rtalloc1(in_addr_t dst, int report)
{
	struct rtentry *rt, *best;
	int i;

	LIST_FOREACH(rt, &rt_table[RT_HASH(dst)], rt_link) {
		if ((rt->rt_flags & RTF_HOST) && rt->rt_dst == dst)
			goto found;
	}
	best = NULL;
	for (i = 0; i < RT_HASHSIZE; i++) {
		LIST_FOREACH(rt, &rt_table[i], rt_link) {
			if ((dst & rt->rt_mask) != rt->rt_dst)
				continue;
			if (best == NULL ||
			    ntohl(rt->rt_mask) > ntohl(best->rt_mask))
				best = rt;
		}
	}
	rt = best;
	if (rt == NULL) {
		rtstat.rts_unreach++;
		if (report)
			log(LOG_DEBUG, "no route to 0x%08x\n", ntohl(dst));
		return (NULL);
	}
	if (rt->rt_mask == 0)
		rtstat.rts_wildcard++;
found:
	rt->rt_refcnt++;
	rt->rt_use++;
	return (rt);
}

void
rtfree(struct rtentry *rt)
{

	if (--rt->rt_refcnt > 0)
		return;
	if ((rt->rt_flags & RTF_UP) == 0) {
		rttrash--;
		free(rt, M_RTABLE);
	}
}

static struct rtentry *
rt_lookup_exact(in_addr_t dst, in_addr_t mask)
{
	struct rtentry *rt;

	LIST_FOREACH(rt, &rt_table[RT_HASH(dst)], rt_link)
		if (rt->rt_dst == dst && rt->rt_mask == mask)
			return (rt);
	return (NULL);
}

/*
 * Add or delete a route.
 */
int
rtrequest(int req, in_addr_t dst, in_addr_t mask, in_addr_t gateway,
    int flags, struct ifnet *ifp)
{
	struct rtentry *rt;
	int s, error;

	error = 0;
	s = splnet();
	rt = rt_lookup_exact(dst & mask, mask);
	switch (req) {
	case RTM_ADD:
		if (rt != NULL) {
			error = EEXIST;
			break;
		}
		rt = malloc(sizeof(*rt), M_RTABLE, M_NOWAIT | M_ZERO);
		if (rt == NULL) {
			error = ENOBUFS;
			break;
		}
		rt->rt_dst = dst & mask;
		rt->rt_mask = mask;
		rt->rt_gateway = gateway;
		rt->rt_flags = flags | RTF_UP;
		rt->rt_ifp = ifp;
		LIST_INSERT_HEAD(&rt_table[RT_HASH(dst & mask)], rt, rt_link);
		break;
	case RTM_DELETE:
		if (rt == NULL) {
			error = ENOENT;
			break;
		}
		LIST_REMOVE(rt, rt_link);
		rt->rt_flags &= ~RTF_UP;
		rttrash++;
		rt->rt_refcnt++;
		rtfree(rt);
		break;
	default:
		error = EINVAL;
	}
	splx(s);
	return (error);
}

/*
 * An interface goes away: so do the routes through it.
 */
void
rt_ifflush(struct ifnet *ifp)
{
	struct rtentry *rt, *next;
	int i;

	for (i = 0; i < RT_HASHSIZE; i++) {
		for (rt = LIST_FIRST(&rt_table[i]); rt != NULL; rt = next) {
			next = LIST_NEXT(rt, rt_link);
			if (rt->rt_ifp == ifp)
				(void)rtrequest(RTM_DELETE, rt->rt_dst,
				    rt->rt_mask, 0, 0, ifp);
		}
	}
}
