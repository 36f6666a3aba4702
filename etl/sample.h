/* The sample district: survey files of an invented community, in the formats that offices send.
 *
 * Everything in it is made up: people, identity numbers (province prefix 99, which is nobody's),
 * phones (154…, no operator's range; land lines 010-00…), codes (district 110199, unassigned).
 * The same seed and until give the same content; CSV files are equal byte for byte.
 * Coordinates: buildings EPSG:4548, areas and extra layers and tickets EPSG:4490, facilities
 * GCJ-02. Times in the files are local, UTC+08:00.
 * Not thread-safe with other users of GDAL's configuration. Existing sample files are replaced.
 */
#ifndef MQT_SAMPLE_H
#define MQT_SAMPLE_H

#include "../tiles/err.h"

#include <stdbool.h>
#include <stdint.h>

struct mqt_sample_options {
    const char *scale; /* "community", "district", "city" */
    const char *dir;   /* made when it does not exist */
    bool with_people;  /* with registers of households */
    uint64_t seed;
    int64_t until_s; /* Unix time; no ticket is later. Rounded down to the hour. */
};

/* Writes the files, then truth.json (counts) and load.list (one line of `mqt-etl load` arguments a
 * file, in load order). An unknown scale is MQT_ERR_PARAM, a file that cannot be written MQT_ERR_IO. */
enum mqt_err mqt_sample_run(const struct mqt_sample_options *options, struct mqt_detail *detail) MQT_MUST_USE;

/* `mqt-etl sample …`: argv[0] is "sample". Returns the exit code 0, 1 or 2; reports to stdout and
 * stderr. */
int mqt_sample_main(int argc, char **argv);

#endif
