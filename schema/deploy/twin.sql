-- Deploy minqingtu:twin to pg
-- The district itself, without its people. Geometry is EPSG:4490 (CGCS2000, degrees).
-- Rows that came from files carry (source, source_key), by which the same row is found again in
-- the next delivery, and content_hash, by which an unchanged row is recognised.
begin;
set local role mqt_owner;
create schema twin;
create schema layer;
grant usage on schema twin to mqt_etl, mqt_web;
grant usage on schema layer to mqt_web;
grant usage, create on schema layer to mqt_etl;

create table twin.area (
  id bigint generated always as identity primary key,
  level text not null check (level in ('district', 'subdistrict', 'community', 'grid', 'estate')),
  code text not null,                   -- 6, 9, 12 or 15 digits; free text for estates
  name text not null,
  parent_code text,
  manager text,                         -- grid worker or property company, as an office, never a private person
  geom geometry(MultiPolygon, 4490),
  source text not null default 'manual',
  source_key text not null default gen_random_uuid()::text,
  content_hash bytea,
  run_id bigint,                        -- of etl.run; see bulk
  unique (source, source_key)
);
create index area_geom on twin.area using gist (geom);
create index area_level_code on twin.area (level, code);

create table twin.building (
  id bigint generated always as identity primary key,
  code text,
  name text,
  estate text,                          -- 小区
  number text,                          -- 楼号 in canonical form, such as '3' or '甲3'
  address text,
  use text,                             -- residential, office, school, …: as surveyed
  structure text,
  height_m real check (height_m >= 0),
  floors_above integer check (floors_above >= 0),
  floors_below integer check (floors_below >= 0),
  built_year integer,
  dwelling_count integer,               -- counts are written by the ETL, because mqt_web cannot read persons
  household_count integer,
  person_count integer,
  geom geometry(MultiPolygon, 4490) not null,
  source text not null default 'manual',
  source_key text not null default gen_random_uuid()::text,
  content_hash bytea,
  run_id bigint,                        -- of etl.run; see bulk
  unique (source, source_key)
);
create index building_geom on twin.building using gist (geom);
create index building_estate_number on twin.building (estate, number);

create table twin.unit (
  id bigint generated always as identity primary key,
  building_id bigint not null references twin.building on delete cascade,
  name text not null default '无',      -- canonical '1单元'; an absent part is written 无
  dwelling_count integer,               -- counts are written by the ETL, like those of buildings
  household_count integer,
  person_count integer,
  unique (building_id, name)
);

create table twin.dwelling (
  id bigint generated always as identity primary key,
  unit_id bigint not null references twin.unit on delete cascade,
  floor text not null default '无',     -- canonical '2层'
  room text not null,                   -- canonical '201室'
  area_m2 real check (area_m2 > 0),
  use text,
  source text not null default 'manual',
  run_id bigint,                        -- of etl.run; see bulk
  unique (unit_id, room)
);

create table twin.facility (
  id bigint generated always as identity primary key,
  kind text not null,                   -- canteen, school, bin, shop, bank, …: see etl/README.md
  code text,
  name text,
  address text,
  phone text,                           -- of the office, not of a person; not served in tiles
  attributes jsonb not null default '{}',
  geom geometry(Point, 4490) not null,
  source text not null default 'manual',
  source_key text not null default gen_random_uuid()::text,
  content_hash bytea,
  run_id bigint,                        -- of etl.run; see bulk
  unique (source, source_key)
);
create index facility_geom on twin.facility using gist (geom);
create index facility_kind on twin.facility (kind);

select feed.watch('twin.area', 'column', 'level');
select feed.watch('twin.building', 'layer', 'building');
select feed.watch('twin.facility', 'layer', 'facility');

grant select, insert, update, delete on all tables in schema twin to mqt_etl;
grant select on twin.area, twin.dwelling to mqt_web;
commit;
