-- Verify minqingtu:feed on pg
select id, xid, kind, layer, feature, old_box, new_box from feed.change where false;
select 1 / (length(feed.epoch()) = 32)::int;
select has_function_privilege('feed.note()', 'execute');
