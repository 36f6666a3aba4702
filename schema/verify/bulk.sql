-- Verify minqingtu:bulk on pg
select nr, target, restore from etl.put_aside where false;
select has_function_privilege('mqt_etl', 'etl.end_bulk(regclass)', 'execute');
select 1 / (not has_table_privilege('mqt_etl', 'etl.put_aside', 'insert'))::int;
select 1 / (not has_function_privilege('mqt_web', 'etl.begin_bulk(regclass, bigint)', 'execute'))::int;
