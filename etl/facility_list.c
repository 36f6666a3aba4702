#include "facility_list.h"

#include "calendar.h"
#include "facility_kind.h"
#include "list_place.h"

#include <stdio.h>
#include <string.h>

enum { RANDOM_STREAM = 8, TEXT_BYTES = 512, CODE_BYTES = 24 };

static const char MAIN_FILE[] = "公共设施.csv";
static const char CHARGERS_FILE[] = "充电设施.txt";
static const char SHEDS_FILE[] = "自行车棚.csv";
static const char CHARGER[] = "充电桩";
static const char SHED[] = "自行车棚";

const char mqt_facility_list_loads[] = "公共设施.csv --kind facility --crs gcj02\n"
                                       "充电设施.txt --kind facility\n"
                                       "自行车棚.csv --kind facility --crs EPSG:4527\n";

/* One table while it is being written. */
struct table {
    const struct mqt_town *town;
    struct mqt_listing listing;
    struct mqt_list_place place;
    struct mqt_account account;
    json_t *kinds;
};

static bool is_business(const struct mqt_town_facility *facility)
{
    static const char *const kinds[] = {"商铺", "餐馆", "药店", "超市", "银行", "快递驿站", "健身场所"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        if (strcmp(facility->kind, kinds[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* GB 32100 in the unassigned division 990199; wrong: with another check character. */
static void write_credit_code(size_t serial, bool wrong, char code[CODE_BYTES])
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    int sum = 0;
    int weight = 1;
    (void)snprintf(code, CODE_BYTES, "92990199MA%07zu", serial % 10000000);
    for (int i = 0; i < 17; ++i) {
        sum += (int)(strchr(alphabet, code[i]) - alphabet) * weight;
        weight = weight * 3 % 31;
    }
    code[17] = alphabet[((31 - sum % 31) % 31 + wrong) % 31];
    code[18] = '\0';
}

static bool fits(const void *row, enum mqt_dirt dirt)
{
    const struct mqt_town_facility *facility = row;
    if (dirt == MQT_DIRT_FULL_WIDTH) {
        return strpbrk(facility->address, "0123456789") != NULL;
    }
    return dirt != MQT_DIRT_CREDIT_CODE || is_business(facility);
}

static void count_kind(struct table *table, const struct mqt_town_facility *facility)
{
    const struct mqt_facility_kind *kind = mqt_facility_kind_find(facility->kind);
    mqt_truth_count(table->kinds, kind ? kind->code : "other");
}

static enum mqt_err add(struct table *table, size_t index, enum mqt_dirt dirt, struct mqt_detail *detail)
{
    const struct mqt_town_facility *facility = &table->town->facilities.at[index];
    char address[TEXT_BYTES];
    char code[CODE_BYTES] = "";
    mqt_account_row(&table->account, table->listing.line, dirt);
    count_kind(table, facility);
    (void)snprintf(address, sizeof address, "%s", facility->address);
    if (dirt == MQT_DIRT_FULL_WIDTH) {
        mqt_dirt_full_width(facility->address, address, sizeof address);
    }
    if (is_business(facility)) {
        write_credit_code(index, dirt == MQT_DIRT_CREDIT_CODE, code);
    }
    mqt_listing_put(&table->listing, facility->kind);
    mqt_listing_put(&table->listing, facility->name);
    mqt_listing_put(&table->listing, address);
    mqt_listing_put(&table->listing, dirt == MQT_DIRT_ABSENT_MARK ? "无" : facility->phone);
    mqt_listing_put(&table->listing, code);
    enum mqt_err err = mqt_list_place_put(&table->place, &facility->spot, dirt, &table->listing, detail);
    mqt_listing_end_row(&table->listing);
    return err;
}

static bool is_elsewhere(const struct mqt_town_facility *facility)
{
    return strcmp(facility->kind, CHARGER) == 0 || strcmp(facility->kind, SHED) == 0;
}

static enum mqt_err add_all(struct table *table, struct mqt_detail *detail)
{
    static const enum mqt_dirt kinds[] = {MQT_DIRT_FULL_WIDTH,    MQT_DIRT_ABSENT_MARK,  MQT_DIRT_PLACE_DMS,
                                          MQT_DIRT_CREDIT_CODE,   MQT_DIRT_TWICE,        MQT_DIRT_PLACE_OUTSIDE,
                                          MQT_DIRT_PLACE_SWAPPED, MQT_DIRT_PLACE_METRES, MQT_DIRT_PLACE_PACKED,
                                          MQT_DIRT_PLACE_ZERO,    MQT_DIRT_PLACE_MISSING};
    const struct mqt_town *town = table->town;
    struct mqt_random random = mqt_random_start(town->seed, RANDOM_STREAM);
    struct mqt_dirt_source source;
    enum mqt_err err = MQT_OK;
    mqt_dirt_open(&source, &random, kinds, sizeof kinds / sizeof kinds[0]);
    for (size_t i = 0; i < town->facilities.count; ++i) {
        if (!is_elsewhere(&town->facilities.at[i])) {
            mqt_dirt_see(&source, fits, &town->facilities.at[i]);
        }
    }
    for (size_t i = 0; err == MQT_OK && i < town->facilities.count; ++i) {
        if (is_elsewhere(&town->facilities.at[i])) {
            continue;
        }
        enum mqt_dirt dirt = mqt_dirt_next(&source, fits, &town->facilities.at[i]);
        err = add(table, i, dirt == MQT_DIRT_TWICE ? MQT_DIRT_NONE : dirt, detail);
        if (err == MQT_OK && dirt == MQT_DIRT_TWICE) {
            err = add(table, i, dirt, detail);
        }
    }
    return err;
}

static enum mqt_err open_table(struct table *table, const struct mqt_town *town, const char *file, bool shifted,
                               char separator, struct mqt_truth *truth, struct mqt_detail *detail)
{
    *table = (struct table){.town = town, .kinds = json_object(), .account = mqt_account_open(truth, file)};
    mqt_listing_init(&table->listing, separator);
    return mqt_list_place_init(town, shifted, &table->place, detail);
}

static enum mqt_err close_table(struct table *table, const char *dir, enum mqt_listing_encoding encoding,
                                int header_rows, enum mqt_err err, struct mqt_detail *detail)
{
    uint64_t data = table->account.read - table->account.outcomes[MQT_OUTCOME_SKIPPED];
    json_t *facts =
        json_pack("{s:I,s:i,s:o}", "rows", (json_int_t)data, "header_rows", header_rows, "kinds", table->kinds);
    mqt_account_close(&table->account, facts);
    if (err == MQT_OK) {
        err = mqt_listing_save(&table->listing, encoding, dir, table->account.file, detail);
    }
    mqt_list_place_clear(&table->place);
    mqt_listing_clear(&table->listing);
    return err;
}

static void put_title(struct table *table, const char *subject)
{
    struct mqt_moment until = mqt_calendar_local(table->town->until_s);
    mqt_account_row(&table->account, table->listing.line, MQT_DIRT_TITLE);
    mqt_listing_printf(&table->listing, "%s台账（%d年%d月）", subject, until.year, until.month);
    mqt_listing_end_row(&table->listing);
}

static void put_total(struct table *table, uint64_t rows)
{
    mqt_account_row(&table->account, table->listing.line, MQT_DIRT_TOTAL);
    mqt_listing_put(&table->listing, "合计");
    mqt_listing_printf(&table->listing, "%llu", (unsigned long long)rows);
    mqt_listing_end_row(&table->listing);
}

static enum mqt_err write_main(const struct mqt_town *town, const char *dir, struct mqt_truth *truth,
                               struct mqt_detail *detail)
{
    static const char *const titles[] = {"设施类型",         "名称", "地址", "联系电话",
                                         "统一社会信用代码", "经度", "纬度", NULL};
    struct table table;
    enum mqt_err err = open_table(&table, town, MAIN_FILE, true, ',', truth, detail);
    put_title(&table, "公共设施");
    mqt_listing_put_row(&table.listing, titles);
    if (err == MQT_OK) {
        err = add_all(&table, detail);
    }
    put_total(&table, table.account.read - 1);
    return close_table(&table, dir, MQT_LISTING_GBK, 1, err, detail);
}

static enum mqt_err write_chargers(const struct mqt_town *town, const char *dir, struct mqt_truth *truth,
                                   struct mqt_detail *detail)
{
    static const char *const titles[] = {"设施类型", "名称", "地址", "经度", "纬度", NULL};
    struct table table;
    enum mqt_err err = open_table(&table, town, CHARGERS_FILE, false, '\t', truth, detail);
    mqt_listing_put_row(&table.listing, titles);
    for (size_t i = 0; err == MQT_OK && i < town->facilities.count; ++i) {
        const struct mqt_town_facility *facility = &town->facilities.at[i];
        if (strcmp(facility->kind, CHARGER) != 0) {
            continue;
        }
        mqt_account_row(&table.account, table.listing.line, MQT_DIRT_PLACE_DMS);
        count_kind(&table, facility);
        mqt_listing_put(&table.listing, facility->kind);
        mqt_listing_put(&table.listing, facility->name);
        mqt_listing_put(&table.listing, facility->address);
        err = mqt_list_place_put(&table.place, &facility->spot, MQT_DIRT_PLACE_DMS, &table.listing, detail);
        mqt_listing_end_row(&table.listing);
    }
    return close_table(&table, dir, MQT_LISTING_UTF16, 1, err, detail);
}

static enum mqt_err write_sheds(const struct mqt_town *town, const char *dir, struct mqt_truth *truth,
                                struct mqt_detail *detail)
{
    static const char *const upper[] = {"设施类型", "名称", "地址", "位置", "", NULL};
    static const char *const lower[] = {"", "", "", "X坐标", "Y坐标", NULL};
    struct table table;
    enum mqt_err err = open_table(&table, town, SHEDS_FILE, false, ',', truth, detail);
    put_title(&table, SHED);
    mqt_listing_put_row(&table.listing, upper);
    mqt_account_row(&table.account, table.listing.line, MQT_DIRT_HEADER_BELOW);
    mqt_listing_put_row(&table.listing, lower);
    for (size_t i = 0; err == MQT_OK && i < town->facilities.count; ++i) {
        const struct mqt_town_facility *facility = &town->facilities.at[i];
        if (strcmp(facility->kind, SHED) != 0) {
            continue;
        }
        mqt_account_row(&table.account, table.listing.line, MQT_DIRT_NONE);
        count_kind(&table, facility);
        mqt_listing_put(&table.listing, facility->kind);
        mqt_listing_put(&table.listing, facility->name);
        mqt_listing_put(&table.listing, facility->address);
        mqt_list_place_put_metres(mqt_ground_inside(table.place.ground, facility->spot), &table.listing);
        mqt_listing_end_row(&table.listing);
    }
    return close_table(&table, dir, MQT_LISTING_UTF8, 2, err, detail);
}

enum mqt_err mqt_facility_list_write(const struct mqt_town *town, const char *dir, struct mqt_truth *truth,
                                     struct mqt_detail *detail)
{
    enum mqt_err err = write_main(town, dir, truth, detail);
    if (err == MQT_OK) {
        err = write_chargers(town, dir, truth, detail);
    }
    return err == MQT_OK ? write_sheds(town, dir, truth, detail) : err;
}
