#include "wkb.h"

#include <math.h>
#include <string.h>

enum { MAX_DEPTH = 8, SRID = 4490 };

struct walk {
    uint8_t *at, *end;
    mqt_wkb_point_fn point;
    void *user;
    struct mqt_wkb_info info;
    struct mqt_detail *detail;
};

static enum mqt_err broken(struct walk *walk)
{
    return mqt_fail(walk->detail, MQT_ERR_FORMAT, "the shape is not readable");
}

static uint64_t read_bytes(const uint8_t *bytes, size_t count, bool little)
{
    uint64_t value = 0;

    for (size_t i = 0; i < count; i++) {
        value |= (uint64_t)bytes[little ? i : count - 1 - i] << (8 * i);
    }
    return value;
}

static void write_double(uint8_t *bytes, double number, bool little)
{
    uint64_t value;

    memcpy(&value, &number, sizeof value);
    for (size_t i = 0; i < sizeof value; i++) {
        bytes[little ? i : 7 - i] = (uint8_t)(value >> (8 * i));
    }
}

static double read_double(const uint8_t *bytes, bool little)
{
    uint64_t value = read_bytes(bytes, 8, little);
    double number;

    memcpy(&number, &value, sizeof number);
    return number;
}

static enum mqt_err read_u32(struct walk *walk, bool little, uint32_t *value)
{
    if (walk->end - walk->at < 4) {
        return broken(walk);
    }
    *value = (uint32_t)read_bytes(walk->at, 4, little);
    walk->at += 4;
    return MQT_OK;
}

static void note_point(struct mqt_wkb_info *info, double x, double y)
{
    if (info->points == 0) {
        info->min_x = info->max_x = x;
        info->min_y = info->max_y = y;
    }
    info->min_x = fmin(info->min_x, x);
    info->min_y = fmin(info->min_y, y);
    info->max_x = fmax(info->max_x, x);
    info->max_y = fmax(info->max_y, y);
    info->points++;
}

static enum mqt_err walk_points(struct walk *walk, bool little, size_t count)
{
    if ((size_t)(walk->end - walk->at) / 16 < count) {
        return broken(walk);
    }
    for (size_t i = 0; i < count; i++, walk->at += 16) {
        double x = read_double(walk->at, little), y = read_double(walk->at + 8, little);

        if (!isfinite(x) || !isfinite(y)) {
            return mqt_fail(walk->detail, MQT_ERR_GEOMETRY, "a coordinate is not a finite number");
        }
        if (walk->point != NULL) {
            enum mqt_err err = walk->point(walk->user, &x, &y, walk->detail);

            if (err != MQT_OK) {
                return err;
            }
            write_double(walk->at, x, little);
            write_double(walk->at + 8, y, little);
        }
        note_point(&walk->info, x, y);
    }
    return MQT_OK;
}

static enum mqt_err walk_single(struct walk *walk, bool little, uint32_t type)
{
    uint32_t rings = 1, count = 1;
    enum mqt_err err = MQT_OK;

    if (type == MQT_WKB_POINT) {
        if (walk->end - walk->at < 16) {
            return broken(walk);
        }
        if (isnan(read_double(walk->at, little)) && isnan(read_double(walk->at + 8, little))) {
            walk->at += 16;
            return MQT_OK;
        }
        err = walk_points(walk, little, 1);
    } else {
        if (type == MQT_WKB_POLYGON) {
            err = read_u32(walk, little, &rings);
        }
        for (uint32_t ring = 0; ring < rings && err == MQT_OK; ring++) {
            err = read_u32(walk, little, &count);
            if (err == MQT_OK) {
                err = walk_points(walk, little, count);
            }
        }
    }
    if (err == MQT_OK && walk->info.points > 0 && (int)type - 1 > walk->info.dimension) {
        walk->info.dimension = (int)type - 1;
    }
    return err;
}

static enum mqt_err walk_shape(struct walk *walk, int depth)
{
    uint32_t type, parts;
    bool little;
    enum mqt_err err;

    if (depth > MAX_DEPTH || walk->end - walk->at < 5 || walk->at[0] > 1) {
        return broken(walk);
    }
    little = walk->at[0] == 1;
    walk->at++;
    err = read_u32(walk, little, &type);
    if (err != MQT_OK || type < MQT_WKB_POINT || type > MQT_WKB_COLLECTION) {
        return broken(walk);
    }
    if (depth == 0) {
        walk->info.type = (int)type;
    }
    if (type <= MQT_WKB_POLYGON) {
        return walk_single(walk, little, type);
    }
    err = read_u32(walk, little, &parts);
    for (uint32_t part = 0; part < parts && err == MQT_OK; part++) {
        err = walk_shape(walk, depth + 1);
    }
    return err;
}

enum mqt_err mqt_wkb_walk(uint8_t *wkb, size_t len, mqt_wkb_point_fn point, void *user, struct mqt_wkb_info *info,
                          struct mqt_detail *detail)
{
    struct walk walk = {
        .at = wkb, .end = wkb + len, .point = point, .user = user, .info = {.dimension = -1}, .detail = detail};
    enum mqt_err err = walk_shape(&walk, 0);

    if (err == MQT_OK && walk.at != walk.end) {
        err = broken(&walk);
    }
    if (err == MQT_OK) {
        *info = walk.info;
    }
    return err;
}

void mqt_wkb_add_4490(struct mqt_buf *out, const uint8_t *wkb, size_t len)
{
    bool little = wkb[0] == 1;
    uint32_t type = (uint32_t)read_bytes(wkb + 1, 4, little) | 0x20000000u;
    const uint32_t words[] = {type, SRID};

    mqt_buf_add_byte(out, wkb[0]);
    for (size_t word = 0; word < 2; word++) {
        for (size_t i = 0; i < 4; i++) {
            mqt_buf_add_byte(out, (uint8_t)(words[word] >> (8 * (little ? i : 3 - i))));
        }
    }
    mqt_buf_add(out, wkb + 5, len - 5);
}

void mqt_wkb_point(double x, double y, uint8_t wkb[21])
{
    static const uint8_t head[5] = {1, MQT_WKB_POINT, 0, 0, 0};

    memcpy(wkb, head, sizeof head);
    write_double(wkb + 5, x, true);
    write_double(wkb + 13, y, true);
}
