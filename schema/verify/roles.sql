-- Verify minqingtu:roles on pg
select 1 / (count(*) = 3)::int from pg_roles
where rolname in ('mqt_owner', 'mqt_etl', 'mqt_web') and not rolsuper;
