-- Deploy minqingtu:catalog to pg
-- One row is one layer. A new layer is a row here and a table or view, no code.
begin;
set local role mqt_owner;

-- A list of {"name", "type"} with names that are there once: what the server can read.
create function twin.columns_valid(columns jsonb) returns boolean
language sql immutable parallel safe set search_path = pg_catalog as $$
  select case when jsonb_typeof(columns) <> 'array' then false else
    jsonb_array_length(columns) <= 256
    and not exists (select from jsonb_array_elements(columns) c
      where jsonb_typeof(c) <> 'object' or coalesce(c->>'name', '') = ''
        or coalesce(c->>'type', '') not in ('text', 'int', 'real', 'bool'))
    and (select count(distinct c->>'name') = count(*) from jsonb_array_elements(columns) c)
  end
$$;

create table twin.layer (
  -- 'catalog' and 'ticket' mean something in the feed, 'map' in the server's addresses, and x_label is
  -- what a vector tile calls the label points of layer x.
  id text primary key check (id ~ '^[a-z][a-z0-9_]{0,62}$' and id not in ('catalog', 'ticket', 'map') and id !~ '_label$'),
  title_zh text not null,
  title_en text not null,
  -- schema.table whose triggers feed this layer
  source_table text not null check (source_table ~ '^[a-z_][a-z0-9_]*[.][a-z_][a-z0-9_]*$'),
  -- schema.table or schema.view read by the server; has id and geom
  served_from text not null check (served_from ~ '^[a-z_][a-z0-9_]*[.][a-z_][a-z0-9_]*$'),
  geometry_type text not null check (geometry_type in ('point', 'line', 'polygon')),
  min_zoom integer not null default 0 check (min_zoom between 0 and 22),
  max_zoom integer not null default 22 check (max_zoom between min_zoom and 22),
  -- [{"name", "type": text|int|real|bool, "title_zh", "title_en"}]
  columns jsonb not null default '[]' check (twin.columns_valid(columns)),
  style jsonb not null default '{}',    -- {"colour": "#rrggbb", "icon": …, "label": column, "label_with": [columns]}
  draw_order integer not null default 100,
  resident boolean not null default true,
  attribution text,
  source text not null default 'system' -- who made the row: 'system', or the ETL's source name
);

-- A changed catalogue is announced like a changed layer, under the name 'catalog'.
create function twin.note_catalog() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  perform feed.reload('catalog');
  return null;
end
$$;
create trigger note_catalog after insert or update or delete or truncate on twin.layer
  for each statement execute function twin.note_catalog();

-- Operator settings that SQL needs.
create table twin.setting (
  name text primary key,
  value jsonb not null,
  note text not null
);
insert into twin.setting values
  ('k_anonymity', '10', 'Counts of people below this are not shown.');

-- The threshold decides what twin.public_building shows, so a new one is a changed layer.
create function twin.note_setting() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  perform feed.reload('building');
  return null;
end
$$;
create trigger note_setting after insert or update or delete or truncate on twin.setting
  for each statement execute function twin.note_setting();

create view twin.area_district as select id, code, name, geom from twin.area where level = 'district' and geom is not null;
create view twin.area_subdistrict as select id, code, name, parent_code, geom from twin.area where level = 'subdistrict' and geom is not null;
create view twin.area_community as select id, code, name, parent_code, geom from twin.area where level = 'community' and geom is not null;
create view twin.area_grid as select id, code, name, parent_code, manager, geom from twin.area where level = 'grid' and geom is not null;
create view twin.area_estate as select id, code, name, parent_code, manager, geom from twin.area where level = 'estate' and geom is not null;

-- Buildings as anyone may see them: a count of people below the threshold is withheld, and
-- person_band says so in words.
create view twin.public_building as
  select b.id, b.code, b.name, b.estate, b.number, b.address, b.use, b.structure, b.height_m,
    b.floors_above, b.floors_below, b.built_year, b.dwelling_count, b.household_count,
    case when b.person_count >= k.least or b.person_count = 0 then b.person_count end as person_count,
    case when b.person_count > 0 and b.person_count < k.least then '<' || k.least end as person_band,
    b.geom
  from twin.building b, (select value::text::int as least from twin.setting where name = 'k_anonymity') k;

-- Units likewise. A building's people are shown, so those of its only withheld unit would follow from
-- them, and so would the sum of several below the threshold, or each of them where all have as few or as
-- many people as their band allows: then the smallest unit above it is withheld too, without a band.
create view twin.public_unit as
  select u.id, u.building_id, u.name, u.dwelling_count, u.household_count,
    case when u.person_count = 0 then 0
      when u.person_count >= u.least and not (u.rank = 1 and u.small_units > 0 and (u.small_people < u.least
        or u.small_people in (u.small_units, u.small_units * (u.least - 1))))
      then u.person_count end as person_count,
    case when u.person_count > 0 and u.person_count < u.least then '<' || u.least end as person_band
  from (
    select n.*, k.least,
      sum((n.person_count between 1 and k.least - 1)::int) over building as small_units,
      sum(n.person_count) filter (where n.person_count < k.least) over building as small_people,
      row_number() over (partition by n.building_id, n.person_count >= k.least order by n.person_count, n.id) as rank
    from twin.unit n, (select value::text::int as least from twin.setting where name = 'k_anonymity') k
    window building as (partition by n.building_id)
  ) u;

create view twin.public_facility as
  select id, kind, code, name, address, geom from twin.facility;

insert into twin.layer (id, title_zh, title_en, source_table, served_from, geometry_type, min_zoom, draw_order, columns, style) values
  ('district', '区县', 'Districts', 'twin.area', 'twin.area_district', 'polygon', 0, 10,
   '[{"name": "code", "type": "text", "title_zh": "代码", "title_en": "Code"}, {"name": "name", "type": "text", "title_zh": "名称", "title_en": "Name"}]', '{"label": "name"}'),
  ('subdistrict', '街道', 'Subdistricts', 'twin.area', 'twin.area_subdistrict', 'polygon', 6, 11,
   '[{"name": "code", "type": "text", "title_zh": "代码", "title_en": "Code"}, {"name": "name", "type": "text", "title_zh": "名称", "title_en": "Name"}, {"name": "parent_code", "type": "text", "title_zh": "上级代码", "title_en": "Parent code"}]', '{"label": "name"}'),
  ('community', '社区', 'Communities', 'twin.area', 'twin.area_community', 'polygon', 8, 12,
   '[{"name": "code", "type": "text", "title_zh": "代码", "title_en": "Code"}, {"name": "name", "type": "text", "title_zh": "名称", "title_en": "Name"}, {"name": "parent_code", "type": "text", "title_zh": "上级代码", "title_en": "Parent code"}]', '{"label": "name"}'),
  ('grid', '网格', 'Grids', 'twin.area', 'twin.area_grid', 'polygon', 10, 13,
   '[{"name": "code", "type": "text", "title_zh": "代码", "title_en": "Code"}, {"name": "name", "type": "text", "title_zh": "名称", "title_en": "Name"}, {"name": "parent_code", "type": "text", "title_zh": "上级代码", "title_en": "Parent code"}, {"name": "manager", "type": "text", "title_zh": "责任单位", "title_en": "Unit in charge"}]', '{"label": "name"}'),
  ('estate', '小区', 'Estates', 'twin.area', 'twin.area_estate', 'polygon', 10, 14,
   '[{"name": "code", "type": "text", "title_zh": "代码", "title_en": "Code"}, {"name": "name", "type": "text", "title_zh": "名称", "title_en": "Name"}, {"name": "parent_code", "type": "text", "title_zh": "上级代码", "title_en": "Parent code"}, {"name": "manager", "type": "text", "title_zh": "物业公司", "title_en": "Property company"}]', '{"label": "name"}'),
  ('building', '楼栋', 'Buildings', 'twin.building', 'twin.public_building', 'polygon', 12, 20,
   '[{"name": "code", "type": "text", "title_zh": "编码", "title_en": "Code"}, {"name": "name", "type": "text", "title_zh": "名称", "title_en": "Name"}, {"name": "estate", "type": "text", "title_zh": "小区", "title_en": "Estate"}, {"name": "number", "type": "text", "title_zh": "楼号", "title_en": "Number"}, {"name": "address", "type": "text", "title_zh": "地址", "title_en": "Address"}, {"name": "use", "type": "text", "title_zh": "用途", "title_en": "Use"}, {"name": "structure", "type": "text", "title_zh": "结构", "title_en": "Structure"}, {"name": "height_m", "type": "real", "title_zh": "高度（米）", "title_en": "Height (m)"}, {"name": "floors_above", "type": "int", "title_zh": "地上层数", "title_en": "Floors above ground"}, {"name": "floors_below", "type": "int", "title_zh": "地下层数", "title_en": "Floors below ground"}, {"name": "built_year", "type": "int", "title_zh": "建成年份", "title_en": "Year built"}, {"name": "dwelling_count", "type": "int", "title_zh": "住房套数", "title_en": "Dwellings"}, {"name": "household_count", "type": "int", "title_zh": "户数", "title_en": "Households"}, {"name": "person_count", "type": "int", "title_zh": "人数", "title_en": "People"}, {"name": "person_band", "type": "text", "title_zh": "人数（不足公开下限）", "title_en": "People (below threshold)"}]', '{"label": "name", "label_with": ["number", "height_m"]}'),
  ('facility', '设施', 'Facilities', 'twin.facility', 'twin.public_facility', 'point', 13, 40,
   '[{"name": "kind", "type": "text", "title_zh": "类别", "title_en": "Kind"}, {"name": "code", "type": "text", "title_zh": "编码", "title_en": "Code"}, {"name": "name", "type": "text", "title_zh": "名称", "title_en": "Name"}, {"name": "address", "type": "text", "title_zh": "地址", "title_en": "Address"}]', '{"label": "name"}');

grant select on twin.layer, twin.setting, twin.area_district, twin.area_subdistrict, twin.area_community, twin.area_grid,
  twin.area_estate, twin.public_building, twin.public_unit, twin.public_facility to mqt_web, mqt_etl;
grant insert, update, delete on twin.layer to mqt_etl;

commit;
