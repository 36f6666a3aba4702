-- Deploy minqingtu:ticket to pg
begin;
set local role mqt_owner;
create schema ticket;
grant usage on schema ticket to mqt_etl, mqt_web;

create table ticket.ticket (
  id bigint generated always as identity primary key,
  number text not null default to_char(clock_timestamp(), 'YYYYMMDD-') || substr(gen_random_uuid()::text, 1, 8),
  channel text not null default 'hotline' check (channel in
    ('hotline', 'mini_program', 'property', 'patrol', 'visit', 'residents_day', 'opinion_box', 'qr_code', 'camera', 'sensor', 'import', 'other')),
  category text not null default 'other',
  title text,                           -- not public: free text may name people
  description text,                     -- not public
  status text not null default 'received' check (status in
    ('received', 'filed', 'dispatched', 'in_progress', 'fed_back', 'checked', 'closed', 'returned', 'suspended')),
  severity smallint not null default 1 check (severity between 1 and 5),
  reported_at timestamptz not null default clock_timestamp() check (isfinite(reported_at)),
  closed_at timestamptz check (isfinite(closed_at) and closed_at >= reported_at),
  address text,                         -- not public
  location geometry(Point, 4490),       -- as reported; not public
  building_id bigint references twin.building on delete set null,
  geom geometry(Point, 4490),           -- public place, derived: see ticket.place()
  source text not null default 'manual',
  source_key text not null default gen_random_uuid()::text,
  content_hash bytea,
  run_id bigint references etl.run,
  unique (source, source_key)
);
create index ticket_geom on ticket.ticket using gist (geom);
create index ticket_reported_at on ticket.ticket (reported_at);
create index ticket_building on ticket.ticket (building_id);
create index ticket_location_unplaced on ticket.ticket using gist (location) where building_id is null;

-- The public place of a ticket is never finer than a building: the middle of the building in
-- which (or within 15 m of which) it was reported, else the reported point rounded to 0.0005
-- degree (about 50 m).
create function ticket.place() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  metre_deg constant float8 := 1 / 111320.0;
begin
  if new.location is null then
    new.geom := null;
    if new.building_id is not null then
      select st_pointonsurface(geom) into new.geom from twin.building where id = new.building_id;
    end if;
    return new;
  end if;
  if new.building_id is null or (tg_op = 'UPDATE' and new.location is distinct from old.location
                                 and new.building_id is not distinct from old.building_id) then
    -- A degree of longitude is shorter than one of latitude: the box is a little too wide, the
    -- distance is exact. It costs far more than the question whether the point is inside, and
    -- "offset 0" has it worked out once a candidate.
    select near.id into new.building_id
    from (select b.id, case when st_intersects(b.geom, new.location) then 0
                       else st_distance(b.geom::geography, new.location::geography) end as distance_m
          from twin.building b
          where b.geom && st_expand(new.location, 30 * metre_deg)
          offset 0) near
    where near.distance_m <= 15
    order by near.distance_m, near.id
    limit 1;
  end if;
  if new.building_id is not null then
    select st_pointonsurface(geom) into new.geom from twin.building where id = new.building_id;
  else
    new.geom := st_snaptogrid(new.location, 0.0005);
  end if;
  return new;
end
$$;
create trigger place before insert or update of location, building_id on ticket.ticket
  for each row execute function ticket.place();

-- A building that comes later takes the tickets near it, one that moves takes its own along.
create function ticket.follow_building() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  if tg_op = 'UPDATE' then
    update ticket.ticket t set building_id = t.building_id
    from new_rows n join old_rows o on o.id = n.id
    where t.building_id = n.id and o.geom is distinct from n.geom;
  end if;
  -- Without tickets that lack a building a large load must not pay for looking.
  if exists (select from ticket.ticket where building_id is null and location is not null) then
    update ticket.ticket t set location = t.location
    from (select distinct near.id from new_rows n
          join ticket.ticket near on near.building_id is null and near.location && st_expand(n.geom, 30 / 111320.0)
            and st_distance(n.geom::geography, near.location::geography) <= 15) found
    where t.id = found.id;
  end if;
  return null;
end
$$;
create trigger tickets_follow_insert after insert on twin.building referencing new table as new_rows
  for each statement execute function ticket.follow_building();
create trigger tickets_follow_update after update on twin.building
  referencing old table as old_rows new table as new_rows
  for each statement execute function ticket.follow_building();

select feed.watch('ticket.ticket', 'layer', 'ticket');

-- Photos, in the order of the report. The pictures lie in the loader's photo store under the hash of
-- their bytes. A photo shows homes and people, so mqt_web has no rights here.
create table ticket.photo (
  ticket_id bigint not null references ticket.ticket on delete cascade,
  position smallint not null check (position > 0),
  stage text not null check (stage in ('before', 'after')),
  sha256 bytea not null check (length(sha256) = 32),
  format text not null check (format in ('jpeg', 'png')),
  bytes integer not null check (bytes > 0),
  width integer not null check (width > 0),       -- pixels as stored
  height integer not null check (height > 0),
  orientation smallint not null default 1 check (orientation between 1 and 8),  -- how to turn it, as EXIF counts
  primary key (ticket_id, position)
);
create index photo_sha256 on ticket.photo (sha256);

-- What anyone may know of a ticket.
create view ticket.public_ticket as
  select id, number, channel, category, status, severity, reported_at, closed_at, building_id, geom
  from ticket.ticket;

grant select, insert, update, delete on ticket.ticket, ticket.photo to mqt_etl;
grant select on ticket.public_ticket to mqt_web, mqt_etl;
commit;
