/*
 * Identification of packets: counted, or hard to guess.
 */
#include <sys/param.h>
#include <sys/kernel.h>
#include <sys/sysctl.h>
#include <sys/systm.h>
#include <netinet/in.h>
#include <netinet/ip_var.h>

SYSCTL_INT(_net_inet_ip, OID_AUTO, random_id, CTLFLAG_RW, &ip_do_randomid, 0,
    "Assign random ip_id values");

static u_int16_t
ip_randomid(void)
{
	u_int16_t id;

	/* A linear feedback shift register never repeats before 65535. */
	id = ip_id;
	id = (u_int16_t)((id >> 1) ^ (-(id & 1) & 0xb400));
	if (id == 0)
		id = (u_int16_t)(ticks | 1);
	ip_id = id;
	return (id);
}

u_int16_t
ip_newid(void)
{
	u_int16_t id;

	if (ip_do_randomid)
		return (ip_randomid());
	id = ip_id++;
	return (htons(id));
}
