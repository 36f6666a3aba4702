-- Verify minqingtu:extensions on pg
select 1 / (postgis_lib_version() >= '3')::int;
select 1 / count(*)::int from spatial_ref_sys where srid = 4490;
