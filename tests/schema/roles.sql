-- Who may read and write what.
begin;
select plan(27);

select ok(not rolsuper and not rolcreatedb and not rolcreaterole and not rolbypassrls, rolname || ' has no special rights')
from pg_roles where rolname in ('mqt_owner', 'mqt_etl', 'mqt_web') order by rolname;
select ok(not pg_has_role('mqt_web', other, 'member'), 'mqt_web is no member of ' || other)
from unnest(array['mqt_owner', 'mqt_etl']) other;

select is_empty(
  $$select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('twin', 'layer', 'registry', 'ticket', 'etl', 'feed') and c.relkind in ('r', 'v', 'p')
      and pg_get_userbyid(c.relowner) <> 'mqt_owner'$$,
  'everything belongs to mqt_owner');
select set_eq(
  $$select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('twin', 'layer', 'registry', 'ticket', 'etl', 'feed') and c.relkind in ('r', 'v', 'p')
      and has_schema_privilege('mqt_web', n.oid, 'usage') and has_table_privilege('mqt_web', c.oid, 'select')$$,
  array['twin.area', 'twin.dwelling', 'twin.layer', 'twin.setting', 'twin.area_district',
    'twin.area_subdistrict', 'twin.area_community', 'twin.area_grid', 'twin.area_estate', 'twin.public_building',
    'twin.public_unit', 'twin.public_facility', 'ticket.public_ticket', 'feed.change', 'feed.state'],
  'mqt_web reads these and nothing else');
select is_empty(
  $$select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('twin', 'layer', 'registry', 'ticket', 'etl', 'feed') and c.relkind in ('r', 'v', 'p')
      and has_table_privilege('mqt_web', c.oid, 'insert, update, delete, truncate, references, trigger')$$,
  'mqt_web writes nothing');
select is_empty(
  $$select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('twin', 'registry', 'ticket', 'etl') and c.relkind = 'r'
      and c.oid not in ('twin.setting'::regclass, 'twin.layer'::regclass, 'etl.put_aside'::regclass)
      and not (has_table_privilege('mqt_etl', c.oid, 'select') and has_table_privilege('mqt_etl', c.oid, 'insert')
        and has_table_privilege('mqt_etl', c.oid, 'update') and has_table_privilege('mqt_etl', c.oid, 'delete'))$$,
  'mqt_etl reads and writes what surveys fill');
select ok(not has_table_privilege('mqt_etl', 'feed.change', 'insert, update, delete'), 'mqt_etl cannot forge the feed');
select ok(not has_schema_privilege('mqt_web', 'registry', 'usage'), 'mqt_web cannot enter registry');
select ok(not has_schema_privilege('mqt_web', 'etl', 'usage'), 'mqt_web cannot enter etl');
select ok(has_function_privilege('mqt_web', 'feed.prune(interval)', 'execute'), 'mqt_web prunes the feed');
select ok(not has_function_privilege('mqt_web', 'feed.reload(text)', 'execute'), 'mqt_web announces nothing');
select ok(has_function_privilege('mqt_etl', 'feed.reload(text)', 'execute'), 'mqt_etl announces reloads');
select ok(not has_schema_privilege('mqt_web', 'layer', 'create'), 'mqt_web makes no tables');
select ok(has_schema_privilege('mqt_etl', 'layer', 'create'), 'mqt_etl makes tables of layers');

-- The same, tried.
set local role mqt_web;
select throws_ok('select * from registry.person', '42501', null, 'registry.person is closed to mqt_web');
select throws_ok('select * from registry.household', '42501', null, 'registry.household is closed to mqt_web');
select throws_ok('select * from ticket.ticket', '42501', null, 'ticket.ticket is closed to mqt_web');
select throws_ok('select * from twin.building', '42501', null, 'twin.building is closed to mqt_web');
select throws_ok('select * from twin.unit', '42501', null, 'twin.unit is closed to mqt_web');
select throws_ok('select phone from twin.facility', '42501', null, 'twin.facility is closed to mqt_web');
select lives_ok('select * from twin.public_building', 'public buildings are open');
select lives_ok('select * from twin.public_facility', 'public facilities are open');
select lives_ok('select * from ticket.public_ticket', 'public tickets are open');
select hasnt_column('ticket', 'public_ticket', 'location', 'a public ticket has no reported place');

select * from finish();
rollback;
