-- Verify minqingtu:ticket on pg
select id, number, status, geom from ticket.public_ticket where false;
select 1 / (not has_table_privilege('mqt_web', 'ticket.ticket', 'select'))::int;
select 1 / (not has_table_privilege('mqt_web', 'ticket.photo', 'select'))::int;
