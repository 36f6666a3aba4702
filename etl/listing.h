/* The sample district's text tables: facilities (GCJ-02) and tickets (with a byte order mark).
 *
 * UTF-8, commas, CR LF, as a spreadsheet saves them; the same town gives the same bytes. Tickets
 * without a place have empty coordinates. Counts go into truth. The town is only read. One thread.
 */
#ifndef MQT_LISTING_H
#define MQT_LISTING_H

#include "town.h"

#include <jansson.h>

/* name: of the file in dir, and of its entry in truth. */
enum mqt_err mqt_listing_write_facilities(const struct mqt_town *town, const char *dir, const char *name, json_t *truth,
                                          struct mqt_detail *detail) MQT_MUST_USE;
enum mqt_err mqt_listing_write_tickets(const struct mqt_town *town, const char *dir, const char *name, json_t *truth,
                                       struct mqt_detail *detail) MQT_MUST_USE;

/* Writes len bytes as a whole file. */
enum mqt_err mqt_listing_save(const char *dir, const char *name, const void *bytes, size_t len,
                              struct mqt_detail *detail) MQT_MUST_USE;

#endif
