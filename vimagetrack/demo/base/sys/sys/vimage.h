/*
 * Virtualisation of the network stack: the one header that everything will
 * include.
 *
 * Committed empty with the heads-up of 9 June 2008, so that the steps which
 * follow have a place for their macros.  See UPDATING for the schedule.
 */
#ifndef _SYS_VIMAGE_H_
#define	_SYS_VIMAGE_H_

#endif /* !_SYS_VIMAGE_H_ */
