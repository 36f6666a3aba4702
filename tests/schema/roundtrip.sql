-- Every change can be reverted and deployed again, and then all is as it was. Not in one transaction,
-- because the scripts have their own; the database is left as it was found.
\set ON_ERROR_STOP 1
select plan(4);

create function pg_temp.shape() returns table (what text) language sql as $$
  select concat_ws(' ', 'column', table_schema, table_name, column_name, data_type, is_nullable, column_default)
    from information_schema.columns where table_schema in ('twin', 'layer', 'registry', 'ticket', 'etl', 'feed')
  union all
  select concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid)) from pg_constraint
    where connamespace::regnamespace::text in ('twin', 'layer', 'registry', 'ticket', 'etl', 'feed')
  union all
  select concat_ws(' ', 'index', indexdef) from pg_indexes
    where schemaname in ('twin', 'layer', 'registry', 'ticket', 'etl', 'feed')
  union all
  select concat_ws(' ', 'trigger', pg_get_triggerdef(oid)) from pg_trigger
    where not tgisinternal and tgrelid::regclass::text ~ '^(twin|layer|registry|ticket|etl|feed)[.]'
  union all
  select concat_ws(' ', 'function', pg_get_functiondef(oid), proowner::regrole, proacl) from pg_proc
    where pronamespace::regnamespace::text in ('twin', 'layer', 'registry', 'ticket', 'etl', 'feed')
  union all
  select concat_ws(' ', 'relation', oid::regclass, relkind, relowner::regrole, relacl, pg_get_viewdef(oid)) from pg_class
    where relkind in ('r', 'v') and relnamespace::regnamespace::text in ('twin', 'layer', 'registry', 'ticket', 'etl', 'feed')
  union all
  select concat_ws(' ', 'schema', nspname, nspowner::regrole, nspacl) from pg_namespace
    where nspname in ('twin', 'layer', 'registry', 'ticket', 'etl', 'feed')
$$;
create temp table before as select what from pg_temp.shape();
select cmp_ok((select count(*) from before), '>', 250::bigint, 'there is a schema');

\ir ../../schema/revert/bulk.sql
\ir ../../schema/revert/catalog.sql
\ir ../../schema/revert/ticket.sql
\ir ../../schema/revert/registry.sql
\ir ../../schema/revert/twin.sql
\ir ../../schema/revert/feed.sql
\ir ../../schema/revert/etl.sql
\ir ../../schema/revert/extensions.sql
\ir ../../schema/revert/roles.sql
select is_empty('select * from pg_temp.shape()', 'nothing is left of it');

\ir ../../schema/deploy/roles.sql
\ir ../../schema/deploy/extensions.sql
\ir ../../schema/deploy/etl.sql
\ir ../../schema/deploy/feed.sql
\ir ../../schema/deploy/twin.sql
\ir ../../schema/deploy/registry.sql
\ir ../../schema/deploy/ticket.sql
\ir ../../schema/deploy/catalog.sql
\ir ../../schema/deploy/bulk.sql
select bag_eq('select what from pg_temp.shape()', 'select what from before', 'all of it is there again');
select is((select count(*) from twin.layer), 7::bigint, 'and the layers that the schema brings');

select * from finish();
