-- A record that is deleted by its id leaves a point alone at which another record stands: found by the point, however many records a
-- source has told.
create index record_ref_place on record_ref (user_id, series_id, t0);
