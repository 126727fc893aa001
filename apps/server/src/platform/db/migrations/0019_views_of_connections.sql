-- 0019_views_of_connections.sql
-- Why:   a run of a connection is of every device that hangs from it, and what a provider or an upload says of a device is about its health:
--        document 2's views left both out. And documents 2 and 4 know fewer words for a run than there are here.
-- Locks: none that waits; views only.

create or replace view doc2.sync_history with (security_invoker = true) as
select case when r.device_id = d.device_id then r.sync_id else row_id(r.sync_id::text, d.device_id::text) end as id, r.user_id, d.device_id,
  case r.trigger when 'manual' then 'manual' when 'retry' then 'manual' when 'bulk' then 'bulk' else 'automatic' end as sync_type,
  case r.status when 'partial' then 'completed' when 'cancelled' then 'failed' else r.status end as status,
  r.started_at as start_time, r.ended_at as end_time, extract(epoch from r.ended_at - r.started_at)::integer as duration_seconds,
  r.records_inserted + r.records_updated + r.records_skipped + r.records_failed as records_processed,
  r.records_inserted + r.records_updated as records_synced, r.records_failed, r.error_message, r.error_details, r.started_at as created_at,
  r.sync_id
from sync_runs r
join devices d on d.user_id = r.user_id and (d.device_id = r.device_id or d.connection_id = r.connection_id);
comment on view doc2.sync_history is 'A row for each device that a run was of: several may hang from one connection, and share its run.';
comment on column doc2.sync_history.sync_id is 'The run, as GET /api/v1/sync/history/{sync_id} calls it.';

create or replace view doc2.device_health with (security_invoker = true) as
select id, user_id, device_id, timestamp, battery_level, signal_strength, temperature,
  case when jsonb_array_length(errors) > 0 then 'error' when jsonb_array_length(warnings) > 0 then 'warning' else 'healthy' end as status,
  true as is_online, errors, warnings, created_at
from (
  select report_id as id, user_id, device_id, at as timestamp, battery_level, signal_strength, temperature, to_jsonb(errors) as errors,
    to_jsonb(warnings) as warnings, created_at
  from device_health
  union all
  select row_id(d.device_id::text, 'seen'), d.user_id, d.device_id, d.last_seen_at, d.battery_level, d.signal_strength, d.temperature,
    jsonb_path_query_array(d.errors, '$[*].text'), jsonb_path_query_array(d.warnings, '$[*].text'), d.last_seen_at
  from devices d
  where d.last_seen_at is not null and not exists (
    select from device_health h where h.user_id = d.user_id and h.device_id = d.device_id and h.created_at >= d.last_seen_at
  )
) said;
comment on view doc2.device_health is 'What devices reported, and a row for one that was seen since, with what it shows now: each was online then. Whether one is online now is told by GET /api/v1/devices/{device_id}/health.';

-- Manual: a person asked. Automatic: the provider, or a phone, had something new. Background: neither.
create or replace view doc4.wearable_sync_history with (security_invoker = true) as
select sync_id::text as id, user_id::text as user_id, case provider when 'apple' then 'apple_health' else provider end as provider,
  coalesce(window_from, started_at)::date as sync_date_from, coalesce(window_to, ended_at, started_at)::date as sync_date_to,
  started_at as sync_started_at, case when status <> 'failed' then ended_at end as sync_completed_at,
  case status when 'pending' then 'in_progress' when 'running' then 'in_progress' when 'completed' then 'success' when 'cancelled' then 'failed' else status end as status,
  case
    when trigger in ('manual', 'retry', 'bulk', 'import') then 'manual'
    when trigger in ('webhook', 'push') then 'automatic'
    else 'background'
  end as sync_trigger,
  records_fetched, records_inserted, records_updated, records_skipped, error_code, error_message
from sync_runs
where provider is not null;

-- Under document 2's own name too, where that view is ours.
do $$
begin
  if not has_schema_privilege('device_data', 'create') then
    return; -- somebody else's
  end if;
  if exists (
    select from pg_class
    where oid = to_regclass('device_data.sync_history') and relkind = 'v' and relowner = current_user::regrole
  ) then
    create or replace view device_data.sync_history with (security_invoker = true) as select * from doc2.sync_history;
  end if;
end
$$;
