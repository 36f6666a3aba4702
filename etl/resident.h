/* Dwellings, households and people of the sample district.
 *
 * As many households and persons as the scale says, whatever the seed. Identity numbers have a
 * valid check digit, province prefix 99 (assigned to no place) and occur once; phones begin with
 * 154, which no operator uses. Memory is the town's.
 */
#ifndef MQT_RESIDENT_H
#define MQT_RESIDENT_H

#include "town.h"

/* After mqt_block_fill. Ages are counted at town->until_s. */
void mqt_resident_settle(struct mqt_town *town);

/* The 18th character of an identity number from its first 17 digits (GB 11643). */
char mqt_resident_check_digit(const char *digits);

#endif
