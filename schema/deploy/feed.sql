-- Deploy minqingtu:feed to pg
-- The change feed: which features are dirty, written in the writer's own transaction.
-- NOTIFY mqt_feed only wakes readers; what they may see is decided by transaction snapshots
-- (see schema/feed.h), because ids and commit order differ.
begin;
set local role mqt_owner;
create schema feed;
grant usage on schema feed to mqt_etl, mqt_web;

create table feed.change (
  id bigint generated always as identity primary key,
  xid xid8 not null default pg_current_xact_id(),
  kind text not null check (kind in ('change', 'reload')),
  layer text not null,
  feature bigint,                       -- null for a reload of the whole layer
  old_box box2d,                        -- EPSG:4490 degrees; null when there was no shape
  new_box box2d,
  changed_at timestamptz not null default clock_timestamp(),
  check ((kind = 'reload') = (feature is null))
);
create index change_xid on feed.change (xid);
create index change_changed_at on feed.change (changed_at);

-- pruned_before: feed rows written by transactions below this id are gone.
create table feed.state (
  only_row boolean primary key default true check (only_row),
  epoch uuid not null default gen_random_uuid(),
  pruned_before xid8 not null default '0'
);
insert into feed.state default values;

-- Transaction ids start again after dump and restore, and a copied database would carry the
-- same uuid: the epoch therefore also depends on the cluster and on the database's own oid.
create function feed.epoch() returns text
language sql stable security definer set search_path = pg_catalog as $$
  select md5(s.epoch::text || '/' || c.system_identifier || '/' || d.oid)
  from feed.state s, pg_control_system() c, pg_database d
  where d.datname = current_database()
$$;

-- Announces a whole layer: for a loader that put a new table into the place of an old one.
create function feed.reload(layer text) returns void
language plpgsql security definer set search_path = pg_catalog as $$
begin
  insert into feed.change (kind, layer) values ('reload', reload.layer);
  perform pg_notify('mqt_feed', '');
end
$$;

-- Above this many rows in one statement the whole layer is announced instead of each feature.
create function feed.reload_threshold() returns integer
language sql immutable parallel safe as $$ select 5000 $$;

-- Statement trigger for insert, update, delete and truncate of a watched table with columns
-- id bigint and geom geometry(…,4490).
-- Arguments: ('layer', <layer id>), or ('column', <column whose value is the layer id>).
create function feed.note() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  by_column boolean := tg_argv[0] = 'column';
  old_layer text := case when by_column then format('o.%I', tg_argv[1]) else quote_literal(tg_argv[1]) end;
  new_layer text := case when by_column then format('n.%I', tg_argv[1]) else quote_literal(tg_argv[1]) end;
  row_count bigint;
begin
  if tg_op = 'TRUNCATE' then
    if by_column then
      insert into feed.change (kind, layer) select 'reload', id from twin.layer
      where source_table = tg_table_schema || '.' || tg_table_name;
    else
      insert into feed.change (kind, layer) values ('reload', tg_argv[1]);
    end if;
    perform pg_notify('mqt_feed', '');
    return null;
  end if;

  if tg_op = 'DELETE' then
    select count(*) into row_count from (select from old_rows limit feed.reload_threshold() + 1) s;
  else
    select count(*) into row_count from (select from new_rows limit feed.reload_threshold() + 1) s;
  end if;
  if row_count = 0 then
    return null;
  end if;

  if row_count > feed.reload_threshold() then
    if tg_op in ('INSERT', 'UPDATE') then
      execute format('insert into feed.change (kind, layer) select distinct ''reload'', %s from new_rows n', new_layer);
    end if;
    if tg_op = 'DELETE' or (tg_op = 'UPDATE' and by_column) then
      execute format('insert into feed.change (kind, layer) select distinct ''reload'', %s from old_rows o', old_layer);
    end if;
  elsif tg_op = 'INSERT' then
    execute format(
      'insert into feed.change (kind, layer, feature, new_box)
       select ''change'', %s, n.id, box2d(n.geom) from new_rows n', new_layer);
  elsif tg_op = 'DELETE' then
    execute format(
      'insert into feed.change (kind, layer, feature, old_box)
       select ''change'', %s, o.id, box2d(o.geom) from old_rows o', old_layer);
  else
    -- A feature that moves to another layer leaves the old one and enters the new one.
    execute format(
      'insert into feed.change (kind, layer, feature, old_box, new_box)
       select ''change'', c.layer, c.id, box2d(c.old_geom), box2d(c.new_geom) from (
         select %1$s as layer, o.id, o.geom as old_geom, n.geom as new_geom
           from old_rows o join new_rows n on n.id = o.id and %1$s is not distinct from %2$s
         union all
         select %1$s, o.id, o.geom, null from old_rows o
           where not exists (select from new_rows n where n.id = o.id and %1$s is not distinct from %2$s)
         union all
         select %2$s, n.id, null, n.geom from new_rows n
           where not exists (select from old_rows o where n.id = o.id and %1$s is not distinct from %2$s)
       ) c', old_layer, new_layer);
  end if;
  perform pg_notify('mqt_feed', '');
  return null;
end
$$;

-- Puts the four statement triggers on a table. The caller must own the table.
create function feed.watch(watched regclass, by text, argument text) returns void
language plpgsql set search_path = pg_catalog as $$
begin
  if by not in ('layer', 'column') then
    raise exception 'feed.watch: second argument must be layer or column, not %', by;
  end if;
  execute format('create trigger mqt_feed_insert after insert on %s referencing new table as new_rows
    for each statement execute function feed.note(%L, %L)', watched, by, argument);
  execute format('create trigger mqt_feed_update after update on %s referencing old table as old_rows new table as new_rows
    for each statement execute function feed.note(%L, %L)', watched, by, argument);
  execute format('create trigger mqt_feed_delete after delete on %s referencing old table as old_rows
    for each statement execute function feed.note(%L, %L)', watched, by, argument);
  execute format('create trigger mqt_feed_truncate after truncate on %s
    for each statement execute function feed.note(%L, %L)', watched, by, argument);
end
$$;

-- Forgets feed rows older than the given age. Readers whose cursor is older must resync.
create function feed.prune(age interval) returns bigint
language plpgsql security definer set search_path = pg_catalog as $$
declare
  horizon xid8;
  pruned bigint;
begin
  select max(xid) into horizon from feed.change
  where changed_at < now() - age and xid < pg_snapshot_xmin(pg_current_snapshot());
  if horizon is null then
    return 0;
  end if;
  delete from feed.change where xid <= horizon;
  get diagnostics pruned = row_count;
  update feed.state set pruned_before = (horizon::text::bigint + 1)::text::xid8;
  return pruned;
end
$$;

grant select on feed.change, feed.state to mqt_web, mqt_etl;
revoke execute on function feed.prune(interval), feed.reload(text) from public;
grant execute on function feed.reload(text) to mqt_etl;
grant execute on function feed.prune(interval) to mqt_web, mqt_etl;
commit;
