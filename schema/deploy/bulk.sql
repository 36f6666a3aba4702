-- Deploy minqingtu:bulk to pg
-- Large loads: indexes and checks are put aside, the rows come, and all is made again at once, which
-- takes a third of the time. All of it in the loader's transaction, so that a load that fails or is
-- killed leaves the table as it was. Until it ends nobody else can write to the table, so no row but the
-- loader's own misses a trigger; where indexes are away nobody else can read it either.
begin;
set local role mqt_owner;

-- A row's run is looked up when the run goes, which it never does, and not when the row comes: a check
-- a row would cost as much as the row. The loader's own run is there as long as its transaction.
create function etl.refuse_run_in_use() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
declare
  named regclass;
begin
  foreach named in array array['twin.area', 'twin.building', 'twin.dwelling', 'twin.facility', 'ticket.ticket',
                               'registry.household', 'registry.person']::regclass[] loop
    execute format('select %L::regclass where exists (select from %s t join gone on gone.id = t.run_id)', named, named)
      into named;
    if named is not null then
      raise exception 'rows of % name the run', named using errcode = 'foreign_key_violation';
    end if;
  end loop;
  return null;
end
$$;
create trigger refuse_run_in_use after delete on etl.run referencing old table as gone
  for each statement execute function etl.refuse_run_in_use();

-- What was put aside in the transactions under way. Nobody ever sees a row of another transaction.
create table etl.put_aside (
  nr bigint generated always as identity primary key,
  target regclass not null,
  restore text not null                 -- the statement that makes it again
);

create function etl.refuse_unfinished_bulk() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  if exists (select from etl.put_aside where nr = new.nr) then
    raise exception 'a bulk load of % did not end: etl.end_bulk is missing', new.target;
  end if;
  return null;
end
$$;
create constraint trigger nothing_left_aside after insert on etl.put_aside
  deferrable initially deferred for each row execute function etl.refuse_unfinished_bulk();

-- True: the table is ready for new_rows rows at once, its triggers do not fire, and etl.end_bulk must
-- follow; where the new rows are the larger part of the table and nobody works with it, its indexes but
-- for the primary key are away, and nobody can read it until the transaction ends. False: the rows are
-- few, and the ordinary way is to be gone.
-- Tickets that come this way bring building_id and geom as ticket.place() would have set them.
create function etl.begin_bulk(target regclass, new_rows bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
declare
  present bigint;
begin
  if target not in ('twin.building'::regclass, 'ticket.ticket'::regclass) then
    raise exception 'etl.begin_bulk is not for %', target;
  end if;
  if new_rows < 20000 then
    return false;
  end if;
  if target = 'ticket.ticket'::regclass then
    -- A building that comes meanwhile would not find the tickets.
    lock table twin.building in share mode;
  end if;
  execute format('select count(*) from %s', target) into present;
  if new_rows >= present and etl.try_lock(target) then
    perform etl.drop_indexes(target);
  end if;
  execute format('alter table %s disable trigger user', target);
  insert into etl.put_aside (target, restore) values (target, format('alter table %s enable trigger user', target));
  return true;
end
$$;

create function etl.try_lock(target regclass) returns boolean
language plpgsql set search_path = pg_catalog as $$
begin
  execute format('lock table %s in access exclusive mode nowait', target);
  return true;
exception when lock_not_available then
  return false;
end
$$;

create function etl.drop_indexes(target regclass) returns void
language plpgsql set search_path = pg_catalog as $$
declare
  item record;
begin
  for item in
    select format('alter table %s drop constraint %I', target, conname) as away,
      format('alter table %s add constraint %I %s', target, conname, pg_get_constraintdef(oid)) as restore
    from pg_constraint where conrelid = target and contype = 'u'
    union all
    select format('drop index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
    from pg_index i where i.indrelid = target
      and not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.conrelid = target)
  loop
    insert into etl.put_aside (target, restore) values (target, item.restore);
    execute item.away;
  end loop;
end
$$;

-- Makes again what was put aside, and does what the triggers would have done.
create function etl.end_bulk(target regclass) returns void
language plpgsql security definer
set search_path = pg_catalog, public set maintenance_work_mem = '256MB' as $$
declare
  -- The triggers are one thing, and what more there is was put aside by somebody who had the table alone.
  alone constant boolean := (select count(*) > 1 from etl.put_aside p where p.target = end_bulk.target);
  statement text;
begin
  if not exists (select from etl.put_aside p where p.target = end_bulk.target) then
    raise exception 'no bulk load of % is under way', target;
  end if;
  for statement in
    with gone as (delete from etl.put_aside p where p.target = end_bulk.target returning nr, restore)
    select restore from gone order by nr
  loop
    execute statement;
  end loop;
  execute format('analyze %s', target);
  if target = 'twin.building'::regclass then
    if not alone then
      -- A ticket that comes from here on would not find the buildings. While the table is nobody else's
      -- none can come: who files one holds the tickets and waits for the buildings.
      lock table ticket.ticket in share row exclusive mode;
    end if;
    perform ticket.place_unplaced();
    perform feed.reload('building');
  else
    if exists (select from ticket.ticket where building_id is null
               and geom is distinct from ticket.public_place(location, null)) then
      raise exception 'a ticket would be shown where it was reported';
    end if;
    perform feed.reload('ticket');
  end if;
end
$$;

revoke execute on function etl.begin_bulk(regclass, bigint), etl.end_bulk(regclass), etl.drop_indexes(regclass),
  etl.try_lock(regclass) from public;
grant execute on function etl.begin_bulk(regclass, bigint), etl.end_bulk(regclass) to mqt_etl;
commit;
