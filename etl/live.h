/* `mqt-etl sample --live RATE`: a district in which something happens, for demonstrations.
 *
 * Files invented tickets at places of the database (role mqt_etl, source 'live'), and moves its own
 * ones on until they are closed, so that as many are open in the long run as the district is used to.
 * Other tickets are not touched. Runs until SIGINT, SIGTERM or SIGHUP, which it takes by waiting for
 * them: the calling thread's signal mask is changed. A lost database is waited for. One thread.
 */
#ifndef MQT_LIVE_H
#define MQT_LIVE_H

/* argv[0] is "sample". Returns the exit code; reports to stdout and stderr. */
int mqt_live_main(int argc, char **argv);

#endif
