-- Verify minqingtu:etl on pg
select id, status, rows_read from etl.run where false;
select run_id, file, file_row, field, reason, raw from etl.reject where false;
select run_id, candidates from etl.review where false;
