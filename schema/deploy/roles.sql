-- Deploy minqingtu:roles to pg
-- Roles belong to the whole cluster, so a second database in it finds them already there.
begin;
do $$
declare
  role_name text;
begin
  foreach role_name in array array['mqt_owner', 'mqt_etl', 'mqt_web'] loop
    if not exists (select from pg_roles where rolname = role_name) then
      execute format('create role %I login nosuperuser nocreatedb nocreaterole', role_name);
    end if;
  end loop;
  -- Objects belong to mqt_owner, not to whoever deploys.
  if not pg_has_role(current_user, 'mqt_owner', 'member') then
    execute format('grant mqt_owner to %I', current_user);
  end if;
  execute format('grant create on database %I to mqt_owner', current_database());
end
$$;
commit;
