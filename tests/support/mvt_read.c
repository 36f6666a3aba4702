#include "mvt_read.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    const uint8_t *at, *end;
    char *why;
    size_t why_size;
    bool failed;
};

/* Returns false, so that a failing line reads `return fail(…)`. */
__attribute__((format(printf, 2, 3))) static bool fail(struct reader *reader, const char *format, ...)
{
    if (!reader->failed) {
        va_list args;
        va_start(args, format);
        (void)vsnprintf(reader->why, reader->why_size, format, args);
        va_end(args);
    }
    reader->failed = true;
    return false;
}

static uint64_t take_varint(struct reader *reader)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (reader->at == reader->end) {
            fail(reader, "a varint is cut off");
            return 0;
        }
        uint8_t byte = *reader->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return value;
        }
    }
    fail(reader, "a varint is longer than ten bytes");
    return 0;
}

static struct reader take_bytes(struct reader *reader)
{
    uint64_t len = take_varint(reader);
    if (len > (uint64_t)(reader->end - reader->at)) {
        fail(reader, "a field of %llu bytes is cut off", (unsigned long long)len);
        len = 0;
    }
    struct reader inner = {reader->at, reader->at + len, reader->why, reader->why_size, reader->failed};
    reader->at += len;
    return inner;
}

static bool skip(struct reader *reader, uint64_t tag)
{
    static const size_t fixed[8] = {[1] = 8, [5] = 4};
    switch (tag & 7) {
    case 0:
        (void)take_varint(reader);
        return !reader->failed;
    case 2:
        (void)take_bytes(reader);
        return !reader->failed;
    case 1:
    case 5:
        if ((size_t)(reader->end - reader->at) < fixed[tag & 7]) {
            return fail(reader, "a fixed field is cut off");
        }
        reader->at += fixed[tag & 7];
        return true;
    default:
        return fail(reader, "wire type %u", (unsigned)(tag & 7));
    }
}

/* One more zeroed element at the end of an array, or NULL. */
static void *grow(void *array, size_t *count, size_t size)
{
    char **slot = array;
    if ((*count & (*count - 1)) == 0) {
        char *grown = realloc(*slot, (*count ? *count * 2 : 1) * size);
        if (!grown) {
            abort(); /* a test without memory has nothing to say */
        }
        *slot = grown;
    }
    void *element = *slot + *count * size;
    memset(element, 0, size);
    ++*count;
    return element;
}

static char *copy_text(const struct reader *inner)
{
    size_t len = (size_t)(inner->end - inner->at);
    char *text = malloc(len + 1);
    if (!text) {
        abort();
    }
    memcpy(text, inner->at, len);
    text[len] = 0;
    return text;
}

static int64_t unzigzag(uint64_t value)
{
    return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

static bool read_value(struct reader *reader, struct mvt_value *value)
{
    float single;
    while (reader->at < reader->end && !reader->failed) {
        uint64_t tag = take_varint(reader);
        if (value->kind) {
            return fail(reader, "a value has two kinds");
        }
        struct reader inner;
        switch (tag) {
        case 0x0a:
            inner = take_bytes(reader);
            value->kind = 's';
            value->text = copy_text(&inner);
            break;
        case 0x15:
        case 0x19:
            value->kind = 'f';
            if (reader->end - reader->at < (tag == 0x15 ? 4 : 8)) {
                return fail(reader, "a number is cut off");
            }
            if (tag == 0x15) {
                memcpy(&single, reader->at, 4);
                value->number = single;
            } else {
                memcpy(&value->number, reader->at, 8);
            }
            reader->at += tag == 0x15 ? 4 : 8;
            break;
        case 0x20:
        case 0x28:
            value->kind = 'i';
            value->integer = (int64_t)take_varint(reader);
            break;
        case 0x30:
            value->kind = 'i';
            value->integer = unzigzag(take_varint(reader));
            break;
        case 0x38:
            value->kind = 'b';
            value->integer = take_varint(reader) != 0;
            break;
        default:
            return fail(reader, "a value with tag %llu", (unsigned long long)tag);
        }
    }
    return value->kind ? !reader->failed : fail(reader, "a value is empty");
}

static bool read_tags(struct reader *inner, struct mvt_feature *feature)
{
    while (inner->at < inner->end) {
        struct mvt_tag *tag = grow(&feature->tags, &feature->tag_count, sizeof *tag);
        tag->key = (uint32_t)take_varint(inner);
        if (inner->at == inner->end) {
            return fail(inner, "tags are not in pairs");
        }
        tag->value = (uint32_t)take_varint(inner);
    }
    return !inner->failed;
}

static int64_t ring_area2(const struct mvt_point *points, size_t count)
{
    int64_t area2 = 0;
    for (size_t i = 0, j = count - 1; i < count; j = i++) {
        area2 += (int64_t)points[j].x * points[i].y - (int64_t)points[i].x * points[j].y;
    }
    return area2;
}

static bool check_ring(struct reader *reader, const struct mvt_feature *feature)
{
    uint32_t size = feature->parts[feature->part_count - 1];
    const struct mvt_point *ring = feature->points + feature->point_count - size;
    int64_t area2 = ring_area2(ring, size);
    if (size < 3) {
        return fail(reader, "a ring has %u points", size);
    }
    if (area2 == 0) {
        return fail(reader, "a ring has no area");
    }
    if (feature->part_count == 1 && area2 < 0) {
        return fail(reader, "the first ring is wound as a hole");
    }
    if (ring[0].x == ring[size - 1].x && ring[0].y == ring[size - 1].y) {
        return fail(reader, "a ring repeats its first point");
    }
    return true;
}

static bool read_path(struct reader *inner, struct mvt_feature *feature, struct mvt_point *at, uint32_t count)
{
    for (uint32_t i = 0; i < count && !inner->failed; i++) {
        int64_t dx = unzigzag(take_varint(inner));
        int64_t dy = unzigzag(take_varint(inner));
        at->x = (int32_t)(at->x + dx);
        at->y = (int32_t)(at->y + dy);
        struct mvt_point *point = grow(&feature->points, &feature->point_count, sizeof *point);
        *point = *at;
        feature->parts[feature->part_count - 1]++;
    }
    return !inner->failed;
}

static bool read_points(struct reader *inner, struct mvt_feature *feature)
{
    struct mvt_point at = {0, 0};
    uint64_t command = take_varint(inner);
    if ((command & 7) != 1 || command >> 3 == 0) {
        return fail(inner, "points start with command %llu", (unsigned long long)command);
    }
    (void)grow(&feature->parts, &feature->part_count, sizeof *feature->parts);
    read_path(inner, feature, &at, (uint32_t)(command >> 3));
    return inner->failed || inner->at == inner->end ? !inner->failed : fail(inner, "points are followed by more");
}

static bool read_lines(struct reader *inner, struct mvt_feature *feature)
{
    struct mvt_point at = {0, 0};
    while (inner->at < inner->end && !inner->failed) {
        if (take_varint(inner) != (1 << 3 | 1)) {
            return fail(inner, "a path does not start with one MoveTo");
        }
        (void)grow(&feature->parts, &feature->part_count, sizeof *feature->parts);
        read_path(inner, feature, &at, 1);
        uint64_t command = take_varint(inner);
        if ((command & 7) != 2 || command >> 3 == 0) {
            return fail(inner, "a path goes on with command %llu", (unsigned long long)command);
        }
        read_path(inner, feature, &at, (uint32_t)(command >> 3));
        if (feature->type == 3 && !inner->failed) {
            if (take_varint(inner) != (1 << 3 | 7)) {
                return fail(inner, "a ring is not closed");
            }
            check_ring(inner, feature);
        }
    }
    return !inner->failed;
}

static bool read_feature(struct reader *reader, struct mvt_feature *feature)
{
    struct reader geometry = {0};
    while (reader->at < reader->end && !reader->failed) {
        uint64_t tag = take_varint(reader);
        struct reader inner;
        switch (tag) {
        case 0x08:
            feature->has_id = true;
            feature->id = take_varint(reader);
            break;
        case 0x12:
            inner = take_bytes(reader);
            if (!read_tags(&inner, feature)) {
                return fail(reader, "%s", reader->why);
            }
            break;
        case 0x18:
            feature->type = (uint32_t)take_varint(reader);
            break;
        case 0x22:
            geometry = take_bytes(reader);
            break;
        default:
            skip(reader, tag);
        }
    }
    if (reader->failed) {
        return false;
    }
    if (geometry.at == geometry.end) {
        return fail(reader, "a feature has no geometry");
    }
    if (feature->type < 1 || feature->type > 3) {
        return fail(reader, "a feature has type %u", feature->type);
    }
    bool read = feature->type == 1 ? read_points(&geometry, feature) : read_lines(&geometry, feature);
    reader->failed = reader->failed || !read;
    return read;
}

static int compare_u64(const void *a, const void *b)
{
    const uint64_t *left = a;
    const uint64_t *right = b;
    return *left < *right ? -1 : *left > *right;
}

static bool check_features(struct reader *reader, const struct mvt_layer *layer)
{
    uint64_t *ids = calloc(layer->feature_count + 1, sizeof *ids);
    size_t id_count = 0;
    if (!ids) {
        abort();
    }
    for (size_t i = 0; i < layer->feature_count; i++) {
        const struct mvt_feature *feature = &layer->features[i];
        for (size_t j = 0; j < feature->tag_count; j++) {
            if (feature->tags[j].key >= layer->key_count || feature->tags[j].value >= layer->value_count) {
                fail(reader, "a tag points beyond the keys or values");
            }
        }
        if (feature->has_id) {
            ids[id_count++] = feature->id;
        }
    }
    qsort(ids, id_count, sizeof *ids, compare_u64);
    for (size_t i = 1; i < id_count; i++) {
        if (ids[i] == ids[i - 1]) {
            fail(reader, "id %llu is there twice", (unsigned long long)ids[i]);
        }
    }
    free(ids);
    return !reader->failed;
}

static bool check_layer(struct reader *reader, const struct mvt_layer *layer)
{
    if (layer->version != 2) {
        return fail(reader, "layer version %u", layer->version);
    }
    if (!layer->name || !layer->name[0]) {
        return fail(reader, "a layer has no name");
    }
    if (layer->extent == 0) {
        return fail(reader, "a layer has no extent");
    }
    if (layer->feature_count == 0) {
        return fail(reader, "a layer has no features");
    }
    for (size_t i = 0; i < layer->key_count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (strcmp(layer->keys[i], layer->keys[j]) == 0) {
                return fail(reader, "key %s is there twice", layer->keys[i]);
            }
        }
    }
    return check_features(reader, layer);
}

static bool read_layer(struct reader *reader, struct mvt_layer *layer)
{
    layer->version = 1;
    layer->extent = 4096;
    while (reader->at < reader->end && !reader->failed) {
        uint64_t tag = take_varint(reader);
        struct reader inner;
        bool good = true;
        switch (tag) {
        case 0x0a:
            inner = take_bytes(reader);
            free(layer->name);
            layer->name = copy_text(&inner);
            break;
        case 0x12:
            inner = take_bytes(reader);
            good = read_feature(&inner, grow(&layer->features, &layer->feature_count, sizeof *layer->features));
            break;
        case 0x1a:
            inner = take_bytes(reader);
            *(char **)grow(&layer->keys, &layer->key_count, sizeof *layer->keys) = copy_text(&inner);
            break;
        case 0x22:
            inner = take_bytes(reader);
            good = read_value(&inner, grow(&layer->values, &layer->value_count, sizeof *layer->values));
            break;
        case 0x28:
            layer->extent = (uint32_t)take_varint(reader);
            break;
        case 0x78:
            layer->version = (uint32_t)take_varint(reader);
            break;
        default:
            skip(reader, tag);
        }
        reader->failed = reader->failed || !good;
    }
    return !reader->failed && check_layer(reader, layer);
}

bool mvt_read(const uint8_t *bytes, size_t len, struct mvt_tile *tile, char *why, size_t why_size)
{
    struct mvt_tile read = {0};
    if (len == 0) { /* bytes may be NULL then */
        *tile = read;
        return true;
    }
    struct reader reader = {bytes, bytes + len, why, why_size, false};
    while (reader.at < reader.end && !reader.failed) {
        uint64_t tag = take_varint(&reader);
        if (tag != 0x1a) {
            skip(&reader, tag);
            continue;
        }
        struct reader inner = take_bytes(&reader);
        struct mvt_layer *layer = grow(&read.layers, &read.layer_count, sizeof *layer);
        reader.failed = reader.failed || !read_layer(&inner, layer);
        for (size_t i = 0; !reader.failed && i + 1 < read.layer_count; i++) {
            if (strcmp(read.layers[i].name, layer->name) == 0) {
                fail(&reader, "layer %s is there twice", layer->name);
                break;
            }
        }
    }
    if (reader.failed) {
        mvt_free(&read);
        return false;
    }
    *tile = read;
    return true;
}

static void free_layer(struct mvt_layer *layer)
{
    for (size_t i = 0; i < layer->feature_count; i++) {
        free(layer->features[i].tags);
        free(layer->features[i].points);
        free(layer->features[i].parts);
    }
    for (size_t i = 0; i < layer->key_count; i++) {
        free(layer->keys[i]);
    }
    for (size_t i = 0; i < layer->value_count; i++) {
        free(layer->values[i].text);
    }
    free(layer->name);
    free(layer->keys);
    free(layer->values);
    free(layer->features);
}

void mvt_free(struct mvt_tile *tile)
{
    for (size_t i = 0; i < tile->layer_count; i++) {
        free_layer(&tile->layers[i]);
    }
    free(tile->layers);
    *tile = (struct mvt_tile){0};
}

const struct mvt_feature *mvt_find(const struct mvt_layer *layer, uint64_t id)
{
    for (size_t i = 0; i < layer->feature_count; i++) {
        if (layer->features[i].id == id) {
            return &layer->features[i];
        }
    }
    return NULL;
}

const struct mvt_value *mvt_value_of(const struct mvt_layer *layer, const struct mvt_feature *feature, const char *key)
{
    for (size_t i = 0; i < feature->tag_count; i++) {
        if (strcmp(layer->keys[feature->tags[i].key], key) == 0) {
            return &layer->values[feature->tags[i].value];
        }
    }
    return NULL;
}

int64_t mvt_area2(const struct mvt_feature *feature)
{
    int64_t area2 = 0;
    const struct mvt_point *points = feature->points;
    for (size_t i = 0; feature->type == 3 && i < feature->part_count; i++) {
        area2 += ring_area2(points, feature->parts[i]);
        points += feature->parts[i];
    }
    return area2;
}
