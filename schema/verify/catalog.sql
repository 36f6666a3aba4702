-- Verify minqingtu:catalog on pg
select id, served_from, columns from twin.layer where false;
select id, person_band from twin.public_building where false;
select id, person_band from twin.public_unit where false;
select 1 / (count(*) >= 7)::int from twin.layer;
