-- Verify minqingtu:twin on pg
select id, level, code, geom from twin.area where false;
select id, height_m, person_count, geom from twin.building where false;
select id, building_id, person_count from twin.unit where false;
select id, unit_id, floor, room from twin.dwelling where false;
select id, kind, geom from twin.facility where false;
select 1 / (not has_table_privilege('mqt_web', 'twin.building', 'select'))::int;
select 1 / (not has_table_privilege('mqt_web', 'twin.unit', 'select'))::int;
