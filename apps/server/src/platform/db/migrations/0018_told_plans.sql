-- 0018_told_plans.sql
-- Why:   a provider's calendar tells plans as well as a person does. Told again by its id a plan is the same one; what its person changed
--        of it stays, beside what the provider says; and what the provider takes out of its calendar goes.
-- Locks: nullable columns without default; the check and the foreign key read planned_sessions once, which is small, and the index is
--        built under the same lock.
alter table planned_sessions
  add column source_id uuid,
  add column external_id text,
  add column edits jsonb,
  add column told_at timestamptz,
  add constraint planned_sessions_told check ((source_id is null) = (external_id is null) and (source_id is null) = (told_at is null)),
  add constraint planned_sessions_source foreign key (user_id, source_id) references sources on delete cascade;
create unique index planned_sessions_by_id on planned_sessions (user_id, source_id, external_id) where source_id is not null;
comment on column planned_sessions.source_id is 'Who told it; null of one that its person planned.';
comment on column planned_sessions.edits is 'What its source says where the person changed it: `{title, scheduled_on, start_time}`. The columns hold what is shown.';
comment on column planned_sessions.told_at is 'When its source last said something new of it: a list that was asked for before then does not know of it.';

create or replace view doc1.workouts with (security_invoker = true) as
select p.planned_session_id as id, p.user_id, p.title, p.description, p.activity as sport_type, p.scheduled_on as scheduled_date,
  p.start_at as scheduled_at, p.duration as duration_seconds, p.distance as distance_meters,
  case when p.session_id is not null then 'completed' when p.skipped_at is not null then 'skipped' else 'planned' end as status,
  p.session_id as activity_id, p.created_at, p.updated_at, f.connection_id, c.provider, p.external_id as provider_workout_id
from planned_sessions p
left join sources f on f.user_id = p.user_id and f.source_id = p.source_id
left join connections c on c.user_id = f.user_id and c.connection_id = f.connection_id;
