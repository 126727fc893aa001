-- 0012_views.sql
-- Why:   who asks with SQL finds the tables of documents 1, 2 and 4 under their own names and words: read-only, without a token in them.
-- Locks: source_day_values for a moment.

alter table source_day_values add column v_first double precision;
comment on column source_day_values.v_first is 'Of values that began on this date; v_last likewise. Null of amounts over a period, and until the date is worked out again.';
insert into day_marks (user_id) select user_id from users;

grant usage on schema doc1, doc2, doc4 to trb_app;

-- An id for a row that has none of its own, the same each time it is asked.
create function row_id(variadic parts text[]) returns uuid
language sql immutable
as $$ select md5(array_to_string(parts, '/'))::uuid $$;

-- Document 1 --------------------------------------------------------------------------------------------------------------------

create view doc1.provider_connections with (security_invoker = true) as
select connection_id as id, user_id, provider, nullif(provider_account, '') as provider_user_id, null::text as access_token,
  null::text as refresh_token, token_expires_at, array_to_string(granted_scopes, ' ') as scope, provider_profile,
  status = 'active' and paused_at is null as is_active, connected_at, last_sync_at, created_at, updated_at
from connections;

create view doc1.sync_history with (security_invoker = true) as
select r.sync_id as id, r.user_id, r.connection_id, r.provider,
  case r.trigger when 'manual' then 'manual' when 'retry' then 'manual' when 'bulk' then 'bulk' else 'automatic' end as sync_type,
  case r.status when 'pending' then 'in_progress' when 'running' then 'in_progress' when 'completed' then 'success' else r.status end as status,
  r.started_at, r.ended_at as completed_at, r.records_fetched as items_fetched, r.records_inserted as items_created,
  r.records_updated as items_updated, r.records_skipped as items_skipped, r.records_failed as items_failed,
  r.error_code, r.error_message, r.error_details
from sync_runs r;

create view doc1.workouts with (security_invoker = true) as
select planned_session_id as id, user_id, title, description, activity as sport_type, scheduled_on as scheduled_date, start_at as scheduled_at,
  duration as duration_seconds, distance as distance_meters,
  case when session_id is not null then 'completed' when skipped_at is not null then 'skipped' else 'planned' end as status,
  session_id as activity_id, created_at, updated_at
from planned_sessions;

create view doc1.activities with (security_invoker = true) as
select s.session_id as id, s.user_id, f.connection_id, c.provider, s.external_id as provider_activity_id, s.title as name,
  s.activity as sport_type, s.start_at as start_date, s.end_at as end_date, extract(epoch from s.end_at - s.start_at) as elapsed_time,
  (s.totals ->> 'distance')::double precision as distance, s.totals || s.activity_data as activity_data, s.created_at, s.updated_at
from sessions s
join sources f on f.user_id = s.user_id and f.source_id = s.source_id
left join connections c on c.user_id = f.user_id and c.connection_id = f.connection_id
where s.type = 'workout' and s.deleted_at is null and s.superseded_by is null;

-- Document 2 --------------------------------------------------------------------------------------------------------------------

create view doc2.devices with (security_invoker = true) as
select device_id as id, user_id, device_type, device_name, manufacturer, model, serial_number, firmware_version,
  to_jsonb(capabilities) as capabilities, integration_type, null::jsonb as credentials,
  jsonb_build_object('auto_sync', auto_sync, 'sync_interval_minutes', sync_interval_minutes, 'sync_historical_days', sync_historical_days) as sync_settings,
  status, last_seen_at as last_seen, last_sync_at as last_sync,
  case when auto_sync then coalesce(last_sync_at, created_at) + make_interval(mins => sync_interval_minutes) end as next_sync,
  battery_level, signal_strength, created_at, updated_at
from devices;

create view doc2.device_data with (security_invoker = true) as
select row_id(v.source_id::text, v.metric, v.day_on::text) as id, v.user_id, f.device_id, v.metric as data_type,
  coalesce(v.start_at, v.day_on::timestamp at time zone 'UTC') as timestamp,
  jsonb_build_object('n', v.n, 'min', v.v_min, 'max', v.v_max, 'avg', v.v_avg, 'first', v.v_first, 'last', v.v_last, 'sum', v.v_sum) as "values",
  jsonb_strip_nulls(jsonb_build_object('date', v.day_on, 'coverage', v.coverage, 'basis', v.basis)) as metadata,
  v.quality as quality_score, true as processed, true as validated, coalesce(v.end_at, v.last_at) as created_at
from source_day_values v
join sources f on f.user_id = v.user_id and f.source_id = v.source_id
where f.device_id is not null;
comment on view doc2.device_data is 'A row for each device, metric and local day: single values are compressed, and read through the API.';

create view doc2.sync_history with (security_invoker = true) as
select sync_id as id, user_id, device_id,
  case trigger when 'manual' then 'manual' when 'retry' then 'manual' when 'bulk' then 'bulk' else 'automatic' end as sync_type,
  status, started_at as start_time, ended_at as end_time, extract(epoch from ended_at - started_at)::integer as duration_seconds,
  records_inserted + records_updated + records_skipped + records_failed as records_processed,
  records_inserted + records_updated as records_synced, records_failed, error_message, error_details, started_at as created_at
from sync_runs
where device_id is not null;

create view doc2.device_health with (security_invoker = true) as
select h.report_id as id, h.user_id, h.device_id, h.at as timestamp, h.battery_level, h.signal_strength, h.temperature,
  case when cardinality(h.errors) > 0 then 'error' when cardinality(h.warnings) > 0 then 'warning' else 'healthy' end as status,
  true as is_online, to_jsonb(h.errors) as errors, to_jsonb(h.warnings) as warnings, h.created_at
from device_health h;
comment on view doc2.device_health is 'What devices reported, so each was online then; whether one is online now is told by GET /api/v1/devices/{device_id}/health.';

-- Document 4 --------------------------------------------------------------------------------------------------------------------

create view doc4.wearable_connections with (security_invoker = true) as
select connection_id::text as id, user_id::text as user_id, case provider when 'apple' then 'apple_health' else provider end as provider,
  null::text as access_token, null::text as refresh_token, token_expires_at, nullif(provider_account, '') as user_external_id,
  array_to_string(granted_scopes, ',') as granted_scopes, (status = 'active' and paused_at is null)::integer as is_active,
  coalesce(connected_at, created_at) as connected_at, last_sync_at, created_at, updated_at
from connections;

create view doc4.wearable_sync_history with (security_invoker = true) as
select sync_id::text as id, user_id::text as user_id, case provider when 'apple' then 'apple_health' else provider end as provider,
  coalesce(window_from, started_at)::date as sync_date_from, coalesce(window_to, ended_at, started_at)::date as sync_date_to,
  started_at as sync_started_at, case when status <> 'failed' then ended_at end as sync_completed_at,
  case status when 'pending' then 'in_progress' when 'running' then 'in_progress' when 'completed' then 'success' when 'cancelled' then 'failed' else status end as status,
  case trigger when 'manual' then 'manual' when 'retry' then 'manual' when 'automatic' then 'background' when 'bulk' then 'background' else trigger end as sync_trigger,
  records_fetched, records_inserted, records_updated, records_skipped, error_code, error_message
from sync_runs
where provider is not null;

create view doc4.sleep_records with (security_invoker = true) as
select s.session_id::text as id, s.user_id::text as user_id, (s.end_at + make_interval(mins => coalesce(s.utc_offset_minutes, 0)))::date as sleep_date,
  s.start_at as bed_time, s.end_at as wake_time, s.is_nap,
  ((s.totals ->> 'sleep_time_in_bed')::double precision / 60) as time_in_bed_minutes,
  ((s.totals ->> 'sleep_total')::double precision / 60) as total_sleep_minutes,
  ((s.totals ->> 'sleep_deep')::double precision / 60) as deep_sleep_minutes,
  ((s.totals ->> 'sleep_light')::double precision / 60) as light_sleep_minutes,
  ((s.totals ->> 'sleep_rem')::double precision / 60) as rem_sleep_minutes,
  ((s.totals ->> 'sleep_awake')::double precision / 60) as awake_minutes,
  (s.totals ->> 'heart_rate_avg')::double precision as avg_heart_rate,
  case c.provider when 'apple' then 'apple_health' else c.provider end as data_source, s.created_at, s.updated_at
from sessions s
join sources f on f.user_id = s.user_id and f.source_id = s.source_id
left join connections c on c.user_id = f.user_id and c.connection_id = f.connection_id
where s.type = 'sleep' and s.deleted_at is null and s.superseded_by is null;

grant select on all tables in schema doc1, doc2, doc4 to trb_app;

-- Under document 2's own names too, where nobody has them. Those of documents 1 and 4 have no schema: `set search_path to doc1` finds them.
do $$
declare
  own text;
begin
  if not has_schema_privilege('device_data', 'create') then
    return; -- somebody else's, such as the installation whose data are to be moved here
  end if;
  grant usage on schema device_data to trb_app;
  foreach own in array array['devices', 'device_data', 'sync_history', 'device_health'] loop
    continue when to_regclass(format('device_data.%I', own)) is not null;
    execute format('create view device_data.%I with (security_invoker = true) as select * from doc2.%I', own, own);
    execute format('grant select on device_data.%I to trb_app', own);
  end loop;
end
$$;
