// A district of 100,000 buildings and 50,000 tickets that one screen holds: true footprints,
// repeated at their own size, closer together than in truth.
import { resolve } from 'node:path';
import { startDistrict } from '../support/district.mjs';

export const buildings = 100_000;
export const tickets = 50_000;
export const box = { lon: 116.3, lat: 39.83, width_deg: 0.117, height_deg: 0.054 }; // 10 x 6 km
const survey = 'beijing_chaoyang_buildings.geojson';

/** Without a server yet; says where its footprints come from. */
export async function crowdedDistrict() {
  const folder = process.env.MQT_REAL_DATA;
  const district = await startDistrict({ sample: 'community', server: false });
  try {
    if (folder) {
      await district.psql('delete from ticket.ticket; delete from twin.building');
      await district.load([survey], { cwd: resolve(folder) });
    }
    await district.psql(crowd);
  } catch (error) {
    await district.stop();
    throw error;
  }
  return { district, footprints: folder ? 'surveyed footprints of Beijing' : 'footprints of the sample community', box };
}

// Triggers are off: they place a ticket and tell the server, which does not run yet. What names one
// building names one copy, so that no more values are shared than in a real district.
const crowd = `
set session_replication_role = replica;
begin;
create temp table model on commit drop as select b.*, row_number() over (order by id) - 1 as k from twin.building b;
create temp table extent on commit drop as
  select count(*) as n, st_xmin(st_extent(geom)) as west, st_ymin(st_extent(geom)) as south,
    st_xmax(st_extent(geom)) - st_xmin(st_extent(geom)) as width, st_ymax(st_extent(geom)) - st_ymin(st_extent(geom)) as height
  from model;
delete from ticket.ticket;
delete from twin.building;
with side as (
  select *, ceil(${buildings}.0 / n) as copies,
    greatest(ceil(sqrt(${buildings}.0 / n * ${box.width_deg} / ${box.height_deg})), 2)::int as columns from extent),
step as (
  select *, ceil(copies / columns)::int as rows from side),
place as (
  select c, ${box.lon} - ${box.width_deg} / 2.0 - west + (c % columns) * (${box.width_deg} - width) / (columns - 1) as dx,
    ${box.lat} - ${box.height_deg} / 2.0 - south + (c / columns) * (${box.height_deg} - height) / greatest(rows - 1, 1) as dy
  from step, generate_series(0, copies::int - 1) c)
insert into twin.building (id, code, name, estate, number, address, use, structure, height_m, floors_above, floors_below,
  built_year, dwelling_count, household_count, person_count, geom, source, source_key)
overriding system value
select 1000000 + row_number() over (order by c, k), code || '-' || c, name || '-' || c, estate || c % 400, number, address || '-' || c, use,
  structure, height_m, floors_above, floors_below, built_year, dwelling_count, household_count, person_count,
  st_translate(geom, dx, dy), 'bench', c || '-' || k
from place, model limit ${buildings};
insert into ticket.ticket (number, channel, category, severity, reported_at, building_id, geom, source, source_key)
select 'B' || i, 'hotline', (array['noise', 'heating', 'leak', 'parking'])[1 + i % 4], 1 + i % 3,
  now() - i % 30 * interval '1 day' - i % 1440 * interval '1 minute', b.id, st_pointonsurface(b.geom), 'bench', i
from generate_series(1, ${tickets}) i join twin.building b on b.id = 1000000 + 1 + (i::bigint * 7919) % ${buildings};
commit;
analyze twin.building, ticket.ticket;
`;
