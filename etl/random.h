/* A deterministic stream of numbers for the sample district.
 *
 * The same (seed, stream) gives the same numbers on every machine; different streams of one seed
 * are independent, so that a change in one part of the generator leaves the others as they were.
 * Not for secrets. One thread at a time; plain value, nothing to free, nothing fails.
 */
#ifndef MQT_RANDOM_H
#define MQT_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mqt_random {
    uint64_t state;
    uint64_t step; /* odd; makes the stream */
};

struct mqt_random mqt_random_start(uint64_t seed, uint64_t stream);

/* A seed as an option gives it: a whole number from 0 to INT64_MAX. */
bool mqt_random_parse_seed(const char *text, uint64_t *seed);

uint64_t mqt_random_next(struct mqt_random *random);

/* 0 … below - 1, each as likely; below > 0. */
uint32_t mqt_random_below(struct mqt_random *random, uint32_t below);

/* least … most, both included; least <= most. */
int mqt_random_int(struct mqt_random *random, int least, int most);

/* [0, 1). */
double mqt_random_unit(struct mqt_random *random);

/* [least, most). */
double mqt_random_real(struct mqt_random *random, double least, double most);

bool mqt_random_chance(struct mqt_random *random, double probability);

/* An index drawn in proportion to its weight; the weights are not negative, their sum is positive. */
size_t mqt_random_weighted(struct mqt_random *random, const double *weights, size_t count);

/* The same from the running sums of the weights, for many of them; the last sum is positive. */
size_t mqt_random_by_sums(struct mqt_random *random, const double *sums, size_t count);

#endif
