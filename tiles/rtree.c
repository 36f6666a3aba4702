#include "rtree.h"

#include <stdlib.h>

static bool contains(struct mqt_box outer, struct mqt_box inner)
{
    return inner.min_x >= outer.min_x && inner.max_x <= outer.max_x && inner.min_y >= outer.min_y &&
           inner.max_y <= outer.max_y;
}

enum mqt_err mqt_rtree_build(const struct mqt_box *leaves, size_t count, struct mqt_rtree *tree)
{
    struct mqt_rtree built = {.leaf_count = count};
    for (size_t size = count; size > 1 && built.level_count < MQT_RTREE_LEVELS; built.level_count++) {
        size = (size + MQT_RTREE_FANOUT - 1) / MQT_RTREE_FANOUT;
        built.level_first[built.level_count] = built.node_count;
        built.level_size[built.level_count] = size;
        built.node_count += size;
    }
    built.nodes = malloc((built.node_count + 1) * sizeof *built.nodes);
    if (!built.nodes) {
        return MQT_ERR_MEMORY;
    }
    const struct mqt_box *below = leaves;
    size_t below_count = count;
    for (int level = 0; level < built.level_count; level++) {
        struct mqt_box *nodes = built.nodes + built.level_first[level];
        for (size_t i = 0; i < built.level_size[level]; i++) {
            nodes[i] = mqt_box_empty();
            for (size_t j = i * MQT_RTREE_FANOUT; j < below_count && j < (i + 1) * MQT_RTREE_FANOUT; j++) {
                nodes[i] = mqt_box_union(nodes[i], below[j]);
            }
        }
        below = nodes;
        below_count = built.level_size[level];
    }
    *tree = built;
    return MQT_OK;
}

void mqt_rtree_clear(struct mqt_rtree *tree)
{
    free(tree->nodes);
    *tree = (struct mqt_rtree){0};
}

static void add_run(struct mqt_buf *runs, size_t start, struct mqt_run run)
{
    if (runs->len > start) {
        struct mqt_run *last = (struct mqt_run *)(void *)(runs->data + runs->len) - 1;
        if (last->end == run.first && last->inside == run.inside) {
            last->end = run.end;
            return;
        }
    }
    mqt_buf_add(runs, &run, sizeof run);
}

/* Leaves under node number node of a level; a level of -1 is the leaves themselves. */
static struct mqt_run leaves_under(const struct mqt_rtree *tree, int level, size_t node, bool inside)
{
    size_t span = 1;
    for (int i = 0; i <= level; i++) {
        span *= MQT_RTREE_FANOUT;
    }
    size_t end = (node + 1) * span < tree->leaf_count ? (node + 1) * span : tree->leaf_count;
    return (struct mqt_run){(uint32_t)(node * span), (uint32_t)end, inside};
}

void mqt_rtree_query(const struct mqt_rtree *tree, const struct mqt_box *leaves, struct mqt_box box,
                     struct mqt_buf *runs)
{
    size_t start = runs->len;
    struct {
        int level;
        size_t next, end;
    } stack[MQT_RTREE_LEVELS + 1];
    int depth = 0;
    int top = tree->level_count - 1;
    stack[0].level = top;
    stack[0].next = 0;
    stack[0].end = top < 0 ? tree->leaf_count : tree->level_size[top];
    while (depth >= 0) {
        if (stack[depth].next == stack[depth].end) {
            depth--;
            continue;
        }
        int level = stack[depth].level;
        size_t node = stack[depth].next++;
        struct mqt_box bounds = level < 0 ? leaves[node] : tree->nodes[tree->level_first[level] + node];
        if (!mqt_box_intersects(bounds, box)) {
            continue;
        }
        if (level < 0 || contains(box, bounds)) {
            add_run(runs, start, leaves_under(tree, level, node, contains(box, bounds)));
            continue;
        }
        size_t below = level == 0 ? tree->leaf_count : tree->level_size[level - 1];
        size_t first = node * MQT_RTREE_FANOUT;
        depth++;
        stack[depth].level = level - 1;
        stack[depth].next = first;
        stack[depth].end = first + MQT_RTREE_FANOUT < below ? first + MQT_RTREE_FANOUT : below;
    }
}
