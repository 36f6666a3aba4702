-- Revert minqingtu:roles from pg
-- The roles stay: another database of the cluster may use them.
begin;
do $$
begin
  execute format('revoke create on database %I from mqt_owner', current_database());
end
$$;
commit;
