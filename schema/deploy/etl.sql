-- Deploy minqingtu:etl to pg
begin;
set local role mqt_owner;
create schema etl;
grant usage on schema etl to mqt_etl;

-- One attempt to load one file (or one layer of it). The counters of a finished run hold the
-- accounting identity: every row read went exactly one way.
create table etl.run (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('area', 'building', 'household', 'facility', 'ticket', 'layer')),
  source text not null,                 -- name under which rows of this origin are matched again
  file text not null,
  file_sha256 bytea,
  target text,                          -- catalogue layer id for kind 'layer'
  status text not null default 'running' check (status in ('running', 'published', 'failed')),
  started_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  encoding text,
  crs text,
  mapping jsonb,                        -- which column was taken for what
  rows_read bigint not null default 0,
  rows_inserted bigint not null default 0,
  rows_updated bigint not null default 0,
  rows_unchanged bigint not null default 0,
  rows_merged bigint not null default 0,
  rows_quarantined bigint not null default 0,
  rows_skipped bigint not null default 0,   -- title rows, header rows below the first, totals
  rows_rejected bigint not null default 0,
  warnings jsonb not null default '{}', -- code: count; rows that are loaded all the same
  message text,
  constraint every_row_accounted check (
    status <> 'published' or rows_read = rows_inserted + rows_updated + rows_unchanged
      + rows_merged + rows_quarantined + rows_skipped + rows_rejected),
  constraint finished_has_time check ((status = 'running') = (finished_at is null))
);

-- Rows that were refused, with what the sender needs to mend them.
create table etl.reject (
  id bigint generated always as identity primary key,
  run_id bigint not null references etl.run on delete cascade,
  file text not null,
  file_row bigint not null,             -- 1-based row of the file as a spreadsheet shows it, or feature number
  field text,
  reason_code text not null,            -- stable id such as 'id-number-checksum'
  reason text not null,                 -- plain sentence
  raw text not null                     -- the row as read
);
create index reject_run on etl.reject (run_id);

-- Rows kept back until a person decides: quarantined, not lost.
create table etl.review (
  id bigint generated always as identity primary key,
  run_id bigint not null references etl.run on delete cascade,
  file text not null,
  file_row bigint not null,
  reason_code text not null,
  reason text not null,
  raw text not null,
  candidates jsonb not null default '[]',
  decided_at timestamptz,
  decision text check (decision in ('accepted', 'rejected')),
  constraint decision_has_time check ((decision is null) = (decided_at is null))
);
create index review_run on etl.review (run_id);

grant select, insert, update, delete on all tables in schema etl to mqt_etl;
commit;
