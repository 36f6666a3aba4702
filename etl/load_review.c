#include "load_kind.h"

#include <inttypes.h>
#include <stdio.h>

enum mqt_err mqt_load_forget_reviews(struct mqt_load *load, struct mqt_detail *detail)
{
    char run[24];
    const char *params[] = {run, load->source, load->kind->name};

    snprintf(run, sizeof run, "%" PRId64, load->run);
    return mqt_load_statement(load,
                              "delete from etl.review v using etl.run r where r.id = v.run_id and r.source = $2 "
                              "and r.kind = $3 and v.decided_at is null and v.run_id < $1",
                              3, params, NULL, detail);
}

/* A place whose two numbers are exchanged may lie on earth, where only the grids tell. */
static const char QUARANTINE_PLACES[] =
    "with gone as (delete from stage s where s.geom is not null and not exists (select from twin.area a "
    "where a.level = 'grid' and st_intersects(a.geom, s.geom)) returning s.file_row, s.raw, s.geom) "
    "insert into etl.review (run_id, file, file_row, reason_code, reason, raw, candidates) "
    "select $1, $2, g.file_row, case when swapped then 'place-axes-swapped' else 'place-outside-grids' end, "
    "case when swapped then 'the place lies in no grid; with longitude and latitude exchanged it would' "
    "else format('the place lies in no grid: %s m from the nearest', near->0->>'distance_m') end, g.raw, near "
    "from gone g, lateral (select exists (select from twin.area a where a.level = 'grid' "
    "and st_intersects(a.geom, st_flipcoordinates(g.geom))) as swapped) flip, "
    "lateral (select jsonb_agg(n) as near from (select a.id as area_id, a.code, a.name, "
    "round(st_distance(a.geom::geography, g.geom::geography)) as distance_m from twin.area a "
    "where a.level = 'grid' order by a.geom <-> g.geom limit 3) n) nearest";

enum mqt_err mqt_load_review_places(struct mqt_load *load, struct mqt_detail *detail)
{
    char run[24];
    const char *params[] = {run, load->file};
    uint64_t grids = 0, count = 0;
    enum mqt_err err = mqt_load_forget_reviews(load, detail);

    snprintf(run, sizeof run, "%" PRId64, load->run);
    if (err == MQT_OK && !load->options->anywhere) {
        err = mqt_load_count(load, "select count(*) from twin.area where level = 'grid'", &grids, detail);
    }
    if (err == MQT_OK && grids > 0) {
        err = mqt_load_statement(load, QUARANTINE_PLACES, 2, params, &count, detail);
    }
    load->counts.quarantined += count;
    return err;
}
