#include "random.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

/* The finaliser of a Weyl sequence: every input bit reaches every output bit. Constants are those
 * of the published splitmix64 mixer. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

struct mqt_random mqt_random_start(uint64_t seed, uint64_t stream)
{
    uint64_t name = mix(stream + UINT64_C(0x9e3779b97f4a7c15));
    struct mqt_random random = {mix(seed ^ name), mix(name + seed) | 1u};
    return random;
}

bool mqt_random_parse_seed(const char *text, uint64_t *seed)
{
    char *end = NULL;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || value > INT64_MAX) {
        return false;
    }
    *seed = value;
    return true;
}

uint64_t mqt_random_next(struct mqt_random *random)
{
    random->state += random->step;
    /* A step of few ones makes neighbouring states alike; the odd constant repairs that. */
    return mix(random->state * UINT64_C(0xd6e8feb86659fd93));
}

uint32_t mqt_random_below(struct mqt_random *random, uint32_t below)
{
    assert(below > 0);
    /* The high bits of a 32 x 32 product; draws in the uneven rest are thrown away. */
    uint32_t uneven = (uint32_t)(-below) % below;
    for (;;) {
        uint64_t product = (mqt_random_next(random) >> 32) * below;
        if ((uint32_t)product >= uneven) {
            return (uint32_t)(product >> 32);
        }
    }
}

int mqt_random_int(struct mqt_random *random, int least, int most)
{
    assert(least <= most);
    return least + (int)mqt_random_below(random, (uint32_t)(most - least) + 1u);
}

double mqt_random_unit(struct mqt_random *random)
{
    return (double)(mqt_random_next(random) >> 11) * 0x1p-53;
}

double mqt_random_real(struct mqt_random *random, double least, double most)
{
    return least + (most - least) * mqt_random_unit(random);
}

bool mqt_random_chance(struct mqt_random *random, double probability)
{
    return mqt_random_unit(random) < probability;
}

size_t mqt_random_weighted(struct mqt_random *random, const double *weights, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; ++i) {
        assert(weights[i] >= 0);
        sum += weights[i];
    }
    assert(sum > 0);
    double left = mqt_random_unit(random) * sum;
    size_t last = 0;
    for (size_t i = 0; i < count; ++i) {
        if (weights[i] > 0) {
            last = i;
            if (left < weights[i]) {
                return i;
            }
            left -= weights[i];
        }
    }
    return last; /* rounding may leave a hair more than nothing */
}

size_t mqt_random_by_sums(struct mqt_random *random, const double *sums, size_t count)
{
    assert(count > 0 && sums[count - 1] > 0);
    double wanted = mqt_random_unit(random) * sums[count - 1];
    size_t low = 0;
    size_t high = count - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (sums[middle] <= wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}
