-- Verify minqingtu:registry on pg
select id, dwelling_id from registry.household where false;
select id, name_sealed, id_number_hash from registry.person where false;
select 1 / (not has_schema_privilege('mqt_web', 'registry', 'usage'))::int;
