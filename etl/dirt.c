#include "dirt.h"

#include "norm.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define READ MQT_OUTCOME_INSERTED

static const struct mqt_dirt_kind KINDS[MQT_DIRT_COUNT] = {
    [MQT_DIRT_NONE] = {"", 0, READ, NULL, NULL, ""},
    [MQT_DIRT_FULL_WIDTH] = {"full-width", 0.01, READ, NULL, NULL, "figures in full width"},
    [MQT_DIRT_ZERO_WIDTH] = {"zero-width", 0.005, READ, NULL, NULL, "an invisible character inside"},
    [MQT_DIRT_NUMERALS] = {"numerals", 0.01, READ, NULL, NULL, "figures as 〇一二三"},
    [MQT_DIRT_OTHER_WORD] = {"other-word", 0.03, READ, NULL, NULL, "栋 幢 # 座 for 号楼, 门 for 单元, 号 for 室"},
    [MQT_DIRT_ABSENT_MARK] = {"absent-mark", 0.01, READ, NULL, NULL, "无 or — where nothing is known"},
    [MQT_DIRT_ALL_IN_ROOM] = {"all-in-room", 0.005, READ, NULL, NULL, "9-2-502 in the column of the room"},
    [MQT_DIRT_ID_OLD] = {"id-old", 0.004, READ, NULL, NULL, "an identity number of 15 digits"},
    [MQT_DIRT_ID_OTHER] = {"id-other", 0, READ, NULL, NULL, "another document, of each foreigner"},
    [MQT_DIRT_ID_CYRILLIC] = {"id-cyrillic", 0.002, READ, NULL, NULL, "a Cyrillic Х, or a small x, at the end"},
    [MQT_DIRT_ID_FULL_WIDTH] = {"id-full-width", 0.002, READ, NULL, NULL, "an identity number in full width"},
    [MQT_DIRT_ID_ABSENT] = {"id-absent", 0.003, READ, NULL, NULL, "无 for an identity number"},
    [MQT_DIRT_TWICE_AWAY] = {"person-in-two-dwellings", 0.003, READ, NULL, "person-in-two-dwellings",
                             "the same person in another dwelling"},
    [MQT_DIRT_ENTRY_DATE] = {"entry-date", 0.002, READ, NULL, "date-not-readable", "2024-13-05 as the date of entry"},
    [MQT_DIRT_UNIT_FILLABLE] = {"unit-fillable", 0.004, READ, NULL, "unit-filled",
                                "no unit, but building and room leave one"},
    [MQT_DIRT_PLACE_DMS] = {"place-dms", 0.01, READ, NULL, "place-in-dms", "degrees, minutes and seconds"},
    [MQT_DIRT_CREDIT_CODE] = {"credit-code", 0.02, READ, NULL, "credit-code-check",
                              "a credit code that fails its check"},
    [MQT_DIRT_CLOSED_BEFORE] = {"closed-before", 0.001, READ, NULL, "closed-before-reported",
                                "closed before it was reported"},
    [MQT_DIRT_UNKNOWN_WORD] = {"unknown-word", 0.002, READ, NULL, "word-unknown", "a channel that nobody knows"},
    [MQT_DIRT_TWICE] = {"row-twice", 0.002, MQT_OUTCOME_MERGED, NULL, NULL, "the same row again"},
    [MQT_DIRT_UNIT_AMBIGUOUS] = {"unit-ambiguous", 0.004, MQT_OUTCOME_QUARANTINED, "unit-ambiguous", NULL,
                                 "no unit, and several are possible"},
    [MQT_DIRT_BUILDING_UNKNOWN] = {"building-unknown", 0.002, MQT_OUTCOME_QUARANTINED, "building-unknown", NULL,
                                   "a building that does not exist"},
    [MQT_DIRT_PLACE_OUTSIDE] = {"place-outside", 0.002, MQT_OUTCOME_QUARANTINED, "place-outside-grids", NULL,
                                "a point outside every grid"},
    [MQT_DIRT_ID_CHECKSUM] = {"id-checksum", 0.005, MQT_OUTCOME_REJECTED, "id-number-checksum", NULL,
                              "a wrong check digit"},
    [MQT_DIRT_ID_DATE] = {"id-date", 0.001, MQT_OUTCOME_REJECTED, "id-number-date", NULL,
                          "an impossible date of birth in the number"},
    [MQT_DIRT_ID_LENGTH] = {"id-length", 0.001, MQT_OUTCOME_REJECTED, "id-number-length", NULL, "a digit too few"},
    [MQT_DIRT_ID_AS_NUMBER] = {"id-as-number", 0.001, MQT_OUTCOME_REJECTED, "id-number-tail-lost", NULL,
                               "an identity number in a cell of type number"},
    [MQT_DIRT_ROOM_MISSING] = {"room-missing", 0.001, MQT_OUTCOME_REJECTED, "room-missing", NULL, "no room"},
    [MQT_DIRT_PLACE_SWAPPED] = {"place-swapped", 0.002, MQT_OUTCOME_REJECTED, "place-axes-swapped", NULL,
                                "longitude and latitude exchanged"},
    [MQT_DIRT_PLACE_METRES] = {"place-metres", 0.002, MQT_OUTCOME_REJECTED, "place-in-metres", NULL,
                               "metres with the zone in front among degrees"},
    [MQT_DIRT_PLACE_PACKED] = {"place-packed-dms", 0.002, MQT_OUTCOME_REJECTED, "place-packed-dms", NULL,
                               "degrees, minutes and seconds run together"},
    [MQT_DIRT_PLACE_ZERO] = {"place-zero", 0.002, MQT_OUTCOME_REJECTED, "place-zero", NULL, "0, 0"},
    [MQT_DIRT_PLACE_MISSING] = {"place-missing", 0.002, MQT_OUTCOME_REJECTED, "place-missing", NULL,
                                "a facility without a place"},
    [MQT_DIRT_NO_DATE] = {"date-impossible", 0.001, MQT_OUTCOME_REJECTED, "time-not-readable", NULL,
                          "30 February as the time of a ticket"},
    [MQT_DIRT_TITLE] = {"title", 0, MQT_OUTCOME_SKIPPED, NULL, NULL, "a title above the header"},
    [MQT_DIRT_HEADER_BELOW] = {"header-below", 0, MQT_OUTCOME_SKIPPED, NULL, NULL, "the second row of a header"},
    [MQT_DIRT_TOTAL] = {"total", 0, MQT_OUTCOME_SKIPPED, NULL, NULL, "合计 and 小计 rows"},
};

const struct mqt_dirt_kind *mqt_dirt_at(enum mqt_dirt dirt)
{
    assert(dirt < MQT_DIRT_COUNT);
    return &KINDS[dirt];
}

const char *mqt_outcome_name(enum mqt_outcome outcome)
{
    static const char *const names[MQT_OUTCOME_COUNT] = {"inserted", "merged", "quarantined", "skipped", "rejected"};
    assert(outcome < MQT_OUTCOME_COUNT);
    return names[outcome];
}

void mqt_dirt_print(void)
{
    for (int i = MQT_DIRT_NONE + 1; i < MQT_DIRT_COUNT; ++i) {
        char share[16] = "";
        if (KINDS[i].share > 0) {
            (void)snprintf(share, sizeof share, "%.1f %%", KINDS[i].share * 100);
        }
        printf("  %-24s %6s  %-11s  %s\n", KINDS[i].id, share, mqt_outcome_name(KINDS[i].outcome), KINDS[i].what);
    }
}

void mqt_dirt_open(struct mqt_dirt_source *source, struct mqt_random *random, const enum mqt_dirt *kinds, size_t count)
{
    *source = (struct mqt_dirt_source){.random = random};
    for (size_t i = 0; i < count; ++i) {
        source->wanted[kinds[i]] = true;
    }
}

void mqt_dirt_see(struct mqt_dirt_source *source, mqt_dirt_fits *fits, const void *row)
{
    assert(!source->dealing);
    ++source->rows;
    for (int i = MQT_DIRT_NONE + 1; i < MQT_DIRT_COUNT; ++i) {
        source->fitting[i] += source->wanted[i] && fits(row, (enum mqt_dirt)i);
    }
}

/* A share of the file's rows, but of the rows that can have it no more than a tenth: where few buildings
 * have a number, most of these are still written as usual. */
static void begin_dealing(struct mqt_dirt_source *source)
{
    source->dealing = true;
    for (int i = MQT_DIRT_NONE + 1; i < MQT_DIRT_COUNT; ++i) {
        size_t share = (size_t)(KINDS[i].share * (double)source->rows + 0.5);
        size_t most = source->fitting[i] / 10;
        size_t count = share < most ? share : most;
        source->left[i] = count == 0 && source->fitting[i] > 0 ? 1 : count;
    }
}

/* Each kind is dealt with the chance at which exactly what is left of it falls on the rows that are left. */
enum mqt_dirt mqt_dirt_next(struct mqt_dirt_source *source, mqt_dirt_fits *fits, const void *row)
{
    if (!source->dealing) {
        begin_dealing(source);
    }
    enum mqt_dirt dealt = MQT_DIRT_NONE;
    for (int i = MQT_DIRT_NONE + 1; i < MQT_DIRT_COUNT; ++i) {
        if (source->left[i] == 0 || !fits(row, (enum mqt_dirt)i)) {
            continue;
        }
        uint32_t fitting = (uint32_t)source->fitting[i]--;
        if (mqt_random_below(source->random, fitting) < source->left[i] && dealt == MQT_DIRT_NONE) {
            --source->left[i];
            dealt = (enum mqt_dirt)i;
        }
    }
    return dealt;
}

static size_t put(char *out, size_t used, size_t size, uint32_t character)
{
    char bytes[4];
    size_t len = mqt_norm_encode(character, bytes);
    if (used + len < size) {
        memcpy(out + used, bytes, len);
        used += len;
    }
    out[used] = '\0';
    return used;
}

void mqt_dirt_full_width(const char *text, char *out, size_t size)
{
    const char *end = text + strlen(text);
    size_t used = 0;
    out[0] = '\0';
    while (text < end) {
        uint32_t c = mqt_norm_decode(&text, end);
        used = put(out, used, size, c > 0x20 && c < 0x7F ? c + 0xFEE0 : c);
    }
}

void mqt_dirt_numerals(const char *text, char *out, size_t size)
{
    static const uint32_t numerals[10] = {0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB,
                                          0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D};
    const char *end = text + strlen(text);
    size_t used = 0;
    out[0] = '\0';
    while (text < end) {
        uint32_t c = mqt_norm_decode(&text, end);
        used = put(out, used, size, c >= '0' && c <= '9' ? numerals[c - '0'] : c);
    }
}

void mqt_dirt_zero_width(const char *text, char *out, size_t size)
{
    const char *end = text + strlen(text);
    size_t used = 0;
    out[0] = '\0';
    while (text < end) {
        used = put(out, used, size, mqt_norm_decode(&text, end));
        used = put(out, used, size, 0x200B);
    }
}
