-- Revert minqingtu:catalog from pg
begin;
drop view twin.public_facility, twin.public_unit, twin.public_building, twin.area_estate, twin.area_grid,
  twin.area_community, twin.area_subdistrict, twin.area_district;
drop table twin.setting;
drop function twin.note_setting();
drop table twin.layer;
drop function twin.note_catalog();
drop function twin.columns_valid(jsonb);
commit;
