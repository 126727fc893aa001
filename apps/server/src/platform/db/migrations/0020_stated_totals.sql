-- 0020_stated_totals.sql
-- Why:   totals of steps, distance, floors and energy that a source stated for a day were kept and not shown.
-- Locks: none that waits; rows are only added.

insert into day_marks (user_id, source_id, metric, from_on, to_on)
select user_id, source_id, metric, min(day_on), max(day_on) from source_days group by user_id, source_id, metric;
