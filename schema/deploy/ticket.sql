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
  run_id bigint,                        -- of etl.run; see bulk
  unique (source, source_key)
);
create index ticket_geom on ticket.ticket using gist (geom);
create index ticket_reported_at on ticket.ticket (reported_at);
create index ticket_building on ticket.ticket (building_id);
create index ticket_location_unplaced on ticket.ticket using gist (location) where building_id is null;

-- Where a place is near a building, in metres on the plane that touches the ellipsoid there: over
-- the few metres that count this is the geodesic distance to the millimetre, at a fifth of its cost.
-- Plain SQL, so that a statement over many places takes it in.
create function ticket.nearest_building(place geometry) returns table (building_id bigint)
language sql stable parallel safe as $$
  select near.id
  from (select b.id, public.st_distance(public.st_scale(b.geom, at.lon_m, at.lat_m),
                                        public.st_scale(place, at.lon_m, at.lat_m)) as distance_m
        from (select greatest(1, 111412.84 * cosd(public.st_y(place)) - 93.5 * cosd(3 * public.st_y(place))) as lon_m,
                     111132.95 - 559.82 * cosd(2 * public.st_y(place)) as lat_m) at,
             twin.building b
        where b.geom operator(public.&&) public.st_expand(place, 15.2 / at.lon_m, 15.2 / at.lat_m)
        offset 0) near -- the distance is worked out once a candidate
  where near.distance_m <= 15
  order by near.distance_m, near.id
  limit 1
$$;

-- The public place of a ticket is never finer than a building: the middle of the building in
-- which (or within 15 m of which) it was reported, else the reported point rounded to 0.0005
-- degree (about 50 m).
create function ticket.public_place(place geometry, building geometry) returns geometry
language sql immutable parallel safe as $$
  select case when building is not null then public.st_pointonsurface(building)
              else public.st_snaptogrid(place, 0.0005) end
$$;

create function ticket.place() returns trigger
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  building geometry;
begin
  if new.location is not null and
     (new.building_id is null or (tg_op = 'UPDATE' and new.location is distinct from old.location
                                  and new.building_id is not distinct from old.building_id)) then
    new.building_id := (select n.building_id from ticket.nearest_building(new.location) n);
  end if;
  if new.building_id is not null then
    select geom into building from twin.building where id = new.building_id;
  end if;
  new.geom := ticket.public_place(new.location, building);
  return new;
end
$$;
create trigger place before insert or update of location, building_id on ticket.ticket
  for each row execute function ticket.place();

-- Looks anew for the buildings of all tickets that have none, neighbours after one another.
create function ticket.place_unplaced() returns void
language sql security definer set search_path = pg_catalog, public as $$
  update ticket.ticket t set building_id = near.building_id
  from (select u.id, n.building_id
        from (select id, location from ticket.ticket
              where building_id is null and location is not null order by location) u,
             ticket.nearest_building(u.location) n) near
  where t.id = near.id
$$;

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
  if not exists (select from ticket.ticket where building_id is null and location is not null) then
    return null;
  end if;
  if (select count(*) from (select from new_rows limit 1001) s) > 1000 then
    perform ticket.place_unplaced();
  else
    update ticket.ticket t set location = t.location
    from (select distinct near.id
          from new_rows n
          join ticket.ticket near on near.building_id is null
            and near.location && st_expand(n.geom, 20 / (111320 * cosd(st_y(st_centroid(n.geom)))), 20 / 111000.0),
          ticket.nearest_building(near.location)) found
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
