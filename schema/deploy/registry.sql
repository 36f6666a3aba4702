-- Deploy minqingtu:registry to pg
-- Personal data. mqt_web has no access to this schema at all. Names, phones and document numbers
-- are sealed by the ETL (algorithm id, nonce, ciphertext, tag; the key is outside the database);
-- the keyed hash finds the same person again without opening the seal.
begin;
set local role mqt_owner;
create schema registry;
grant usage on schema registry to mqt_etl;

create table registry.household (
  id bigint generated always as identity primary key,
  dwelling_id bigint not null references twin.dwelling on delete cascade,
  household_no text not null,           -- 户号; '无' when the register has none
  kind text,                            -- 户籍类型
  source text not null,
  run_id bigint,                        -- of etl.run; see bulk
  unique (dwelling_id, household_no)
);

create table registry.person (
  id bigint generated always as identity primary key,
  household_id bigint not null references registry.household on delete cascade,
  name_sealed bytea,
  phone_sealed bytea,
  id_number_sealed bytea,
  id_number_hash bytea,                 -- HMAC of the normalised number
  birth_year smallint,
  sex char(1) check (sex in ('M', 'F')),
  relation text,                        -- 与户主关系
  kind text,                            -- 人员类型
  recorded_on date not null default current_date, -- of the entry: tells two dwellings of one person apart
  source text not null,
  source_key bytea not null,            -- from a keyed hash of number or own fields, and the dwelling
  content_hash bytea not null,          -- keyed as well, since the fields are few enough to guess
  run_id bigint,                        -- of etl.run; see bulk
  unique (source, source_key)
);
create index person_household on registry.person (household_id);
create index person_id_number_hash on registry.person (id_number_hash);

grant select, insert, update, delete on all tables in schema registry to mqt_etl;
commit;
