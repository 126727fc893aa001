-- The schema after the last migration, made by `npm run generate`. Read it, change a migration.

-- tables
create table api_keys (
  user_id uuid not null,
  api_key_id uuid not null,
  name text not null,
  scopes text[] not null,
  prefix text not null,
  key_hash bytea not null,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone
);

create table archive_reads (
  user_id uuid not null,
  archive text not null,
  as_of timestamp with time zone not null,
  import_id uuid not null
);

create table audit_log (
  audit_id uuid not null,
  at timestamp with time zone not null default now(),
  user_id uuid,
  actor text not null,
  action text not null,
  target text,
  outcome text not null,
  fields text[],
  address text,
  request_id text
);

create table batches (
  user_id uuid not null,
  device_id uuid not null,
  batch_id uuid not null,
  metric text not null,
  t0 timestamp with time zone not null,
  received integer not null,
  accepted integer not null,
  duplicates integer not null,
  changed integer not null,
  suppressed integer not null,
  rejected integer not null,
  quality double precision,
  flags integer not null default 0,
  metadata jsonb,
  created_at timestamp with time zone not null default now()
);

create table chunk (
  user_id uuid not null,
  series_id bigint not null,
  day date not null,
  n integer not null,
  t_last timestamp with time zone not null,
  v_min double precision not null,
  v_max double precision not null,
  v_sum double precision not null,
  data bytea not null
);

create table connect_sessions (
  user_id uuid not null,
  connect_session_id uuid not null,
  token_hash bytea not null,
  providers text[],
  theme text not null,
  language text,
  return_to text,
  allowed_origins text[] not null default '{}'::text[],
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null
);

create table connection_secrets (
  user_id uuid not null,
  connection_id uuid not null,
  name text not null,
  sealed text not null,
  updated_at timestamp with time zone not null default now()
);

create table connections (
  user_id uuid not null,
  connection_id uuid not null,
  provider text not null,
  provider_account text not null default ''::text,
  status text not null default 'pending'::text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  short_id text not null,
  provider_profile jsonb not null default '{}'::jsonb,
  auth_kind text,
  granted_scopes text[] not null default '{}'::text[],
  paused_at timestamp with time zone,
  error_code text,
  error_message text,
  token_expires_at timestamp with time zone,
  last_sync_at timestamp with time zone,
  last_success_at timestamp with time zone,
  connected_at timestamp with time zone,
  is_demo boolean not null default false,
  region text,
  token_version integer not null default 0,
  refresh_lease uuid,
  refresh_until timestamp with time zone,
  renew_idle_at timestamp with time zone,
  refused_at timestamp with time zone
);

create table csv_mappings (
  user_id uuid not null,
  mapping_id uuid not null,
  header_hash bytea not null,
  mapping jsonb not null,
  created_at timestamp with time zone not null default now()
);

create table custom_apis (
  user_id uuid not null,
  custom_api_id uuid not null,
  connection_id uuid not null,
  definition jsonb not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now()
);

create table data_keys (
  user_id uuid not null,
  data_key_id uuid not null,
  wrapped text not null,
  created_at timestamp with time zone not null default now()
);

create table day_marks (
  user_id uuid not null,
  mark_id bigint not null generated always as identity,
  source_id uuid,
  metric text,
  from_on date,
  to_on date,
  created_at timestamp with time zone not null default now()
);

create table demos (
  user_id uuid not null,
  status text not null default 'loading'::text,
  until_at timestamp with time zone not null,
  time_zone text not null,
  steps_done integer not null default 0,
  samples bigint not null default 0,
  sessions integer not null default 0,
  series_ids bigint[] not null default '{}'::bigint[],
  created_at timestamp with time zone not null default now(),
  leased_until timestamp with time zone,
  leased_by uuid
);

create table device_health (
  user_id uuid not null,
  device_id uuid not null,
  at timestamp with time zone not null,
  report_id uuid not null,
  battery_level smallint,
  signal_strength text,
  temperature double precision,
  firmware_version text,
  errors text[] not null default '{}'::text[],
  warnings text[] not null default '{}'::text[],
  created_at timestamp with time zone not null default now()
);

create table device_tokens (
  user_id uuid not null,
  device_id uuid not null,
  token_hash bytea not null,
  created_at timestamp with time zone not null default now()
);

create table devices (
  user_id uuid not null,
  device_id uuid not null,
  connection_id uuid,
  device_type text not null,
  device_name text not null,
  manufacturer text,
  model text,
  serial_number text,
  firmware_version text,
  capabilities text[] not null default '{}'::text[],
  integration_type text not null,
  auto_sync boolean not null default true,
  sync_interval_minutes integer not null,
  sync_historical_days integer not null default 30,
  status text not null default 'registered'::text,
  sync_status text not null default 'pending'::text,
  last_seen_at timestamp with time zone,
  last_sync_at timestamp with time zone,
  cadence_seconds double precision,
  battery_level smallint,
  signal_strength text,
  temperature double precision,
  errors jsonb not null default '[]'::jsonb,
  warnings jsonb not null default '[]'::jsonb,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  is_demo boolean not null default false,
  platform_key text,
  told_only boolean not null default false
);

create table dirty (
  user_id uuid not null,
  series_id bigint not null,
  day date not null,
  since timestamp with time zone not null,
  resolved_seq bigint not null default 0
);

create table events (
  user_id uuid not null,
  source_id uuid not null,
  metric text not null,
  start_at timestamp with time zone not null,
  external_id text not null default ''::text,
  event_id uuid not null,
  end_at timestamp with time zone,
  value jsonb not null,
  unit text,
  quality integer not null default 0,
  utc_offset_minutes smallint,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now()
);

create table export_parts (
  user_id uuid not null,
  export_id uuid not null,
  part integer not null,
  data bytea not null
);

create table exports (
  user_id uuid not null,
  export_id uuid not null,
  format text not null,
  from_at timestamp with time zone,
  to_at timestamp with time zone,
  metrics text[],
  status text not null default 'queued'::text,
  progress double precision not null default 0,
  bytes bigint not null default 0,
  samples bigint not null default 0,
  sessions integer not null default 0,
  file_name text not null,
  content_hash bytea,
  reason text,
  created_at timestamp with time zone not null default now(),
  finished_at timestamp with time zone,
  expires_at timestamp with time zone,
  attempts integer not null default 0,
  leased_until timestamp with time zone,
  leased_by uuid
);

create table feeds (
  user_id uuid not null,
  connection_id uuid not null,
  feed text not null,
  read_until timestamp with time zone,
  history_from timestamp with time zone,
  last_success_at timestamp with time zone,
  error_code text,
  error_message text
);

create table file_parts (
  user_id uuid not null,
  file_id uuid not null,
  part integer not null,
  data bytea not null
);

create table files (
  user_id uuid not null,
  file_id uuid not null,
  content_hash bytea not null,
  bytes bigint not null,
  created_at timestamp with time zone not null default now()
);

create table flush_mark (
  slot uuid not null,
  flush bigint not null,
  at timestamp with time zone not null
);

create table hook_notices (
  user_id uuid not null,
  connection_id uuid not null,
  notice_hash bytea not null,
  provider text not null,
  received_at timestamp with time zone not null default now(),
  kind text not null,
  feed text,
  notice jsonb not null default '{}'::jsonb,
  sealed bytea,
  taken_until timestamp with time zone,
  done_at timestamp with time zone,
  attempts smallint not null default 0,
  error_message text
);

create table hook_secrets (
  provider text not null,
  secret text,
  kept jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null default now(),
  sealed_secret text,
  sealed_kept text
);

create table idempotency_keys (
  user_id uuid not null,
  key text not null,
  fingerprint bytea not null,
  status integer,
  answer text,
  created_at timestamp with time zone not null default now()
);

create table identities (
  user_id uuid not null,
  kind text not null,
  secret_hash text not null,
  changed_at timestamp with time zone not null default now()
);

create table import_files (
  user_id uuid not null,
  import_id uuid not null,
  position integer not null,
  file_id uuid not null,
  name text not null,
  source_id uuid,
  format text,
  status text not null default 'queued'::text,
  bytes bigint not null,
  bytes_read bigint not null default 0,
  records bigint not null default 0,
  samples bigint not null default 0,
  changed bigint not null default 0,
  duplicates bigint not null default 0,
  sessions integer not null default 0,
  session_ids uuid[] not null default '{}'::uuid[],
  rejected bigint not null default 0,
  rejections jsonb not null default '[]'::jsonb,
  warnings jsonb not null default '[]'::jsonb,
  reason text,
  parent integer,
  entry integer,
  depth smallint not null default 0,
  deleted bigint not null default 0,
  header_hash bytea
);

create table import_sources (
  user_id uuid not null,
  import_id uuid not null,
  position integer not null,
  source_id uuid not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null
);

create table import_steps (
  user_id uuid not null,
  import_id uuid not null,
  position integer not null,
  step integer not null,
  accepted bigint not null default 0,
  changed bigint not null default 0,
  duplicates bigint not null default 0,
  rejected bigint not null default 0,
  rejections jsonb not null default '[]'::jsonb,
  suppressed bigint not null default 0,
  sessions integer not null default 0,
  session_ids uuid[] not null default '{}'::uuid[]
);

create table imports (
  user_id uuid not null,
  import_id uuid not null,
  status text not null default 'queued'::text,
  bytes_total bigint not null default 0,
  created_at timestamp with time zone not null default now(),
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  leased_until timestamp with time zone,
  leased_by uuid,
  deaths integer not null default 0,
  files_total integer not null default 0,
  files_ended jsonb not null default '{}'::jsonb,
  bytes_done bigint not null default 0,
  records bigint not null default 0,
  samples bigint not null default 0,
  sessions bigint not null default 0,
  duplicates bigint not null default 0,
  rejected bigint not null default 0,
  deleted bigint not null default 0,
  resumed_at timestamp with time zone,
  resumed_bytes bigint not null default 0
);

create table installation (
  name text not null,
  value text not null
);

create table invites (
  user_id uuid not null,
  invite_id uuid not null,
  code_hash bytea not null,
  role text not null,
  note text,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  used_by uuid
);

create table latest (
  user_id uuid not null,
  series_id bigint not null,
  last_seq bigint not null,
  ts timestamp with time zone,
  before_ts timestamp with time zone,
  value double precision,
  duration_ms bigint not null default 0,
  quality bigint not null default 0,
  utc_offset_minutes smallint,
  open_day date,
  open_segments integer not null default 0,
  open_span_ms integer not null default 0
);

create table migrations (
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now()
);

create table oauth_states (
  user_id uuid not null,
  state_hash bytea not null,
  provider text not null,
  region text,
  redirect_uri text not null,
  return_to text,
  scopes text[] not null,
  asked_by text not null,
  browser_hash bytea not null,
  sealed_verifier text not null,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  confirm_hash bytea,
  confirm_reason text,
  sealed_answer text,
  auth_kind text not null default 'oauth2'::text
);

create table phone_cursors (
  user_id uuid not null,
  connection_id uuid not null,
  type text not null,
  cursor jsonb not null,
  updated_at timestamp with time zone not null default now()
);

create table phone_records (
  user_id uuid not null,
  connection_id uuid not null,
  id_hash bytea not null,
  version bigint not null default 0,
  source_id uuid,
  type text,
  at timestamp with time zone
);

create table planned_sessions (
  user_id uuid not null,
  planned_session_id uuid not null,
  activity text,
  title text not null,
  description text,
  scheduled_on date not null,
  start_at timestamp with time zone,
  duration double precision,
  distance double precision,
  skipped_at timestamp with time zone,
  session_id uuid,
  matched_by text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  source_id uuid,
  external_id text,
  edits jsonb,
  told_at timestamp with time zone
);

create table provider_apps (
  provider text not null,
  client_id text,
  sealed_secret text,
  extra jsonb not null default '{}'::jsonb,
  sealed_extra text,
  updated_at timestamp with time zone not null default now()
);

create table providers (
  provider text not null,
  name text not null
);

create table quarantine (
  user_id uuid not null,
  record_id uuid not null,
  import_id uuid,
  position integer,
  file_name text,
  format text not null,
  kind text not null,
  source_id uuid,
  source jsonb,
  place bigint not null,
  code text not null,
  detail text not null,
  raw text not null,
  created_at timestamp with time zone not null default now(),
  connection_id uuid,
  feed text
);

create table raw_payloads (
  user_id uuid not null,
  payload_id uuid not null,
  connection_id uuid,
  sync_id uuid,
  provider text not null,
  feed text not null,
  fetched_at timestamp with time zone not null,
  records integer not null,
  bytes integer not null,
  sealed bytea not null
);

create table record_ref (
  user_id uuid not null,
  source_id uuid not null,
  id_hash bytea not null,
  series_id bigint not null,
  t0 timestamp with time zone not null,
  version bigint not null default 0
);

create table refresh_tokens (
  user_id uuid not null,
  token_hash bytea not null,
  sign_in_id uuid not null,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone
);

create table segment (
  user_id uuid not null,
  series_id bigint not null,
  t0 timestamp with time zone not null,
  seq bigint not null,
  t1 timestamp with time zone not null,
  n integer not null,
  data bytea not null
);

create table series (
  user_id uuid not null,
  series_id bigint not null generated always as identity,
  source_id uuid not null,
  metric text not null,
  created_at timestamp with time zone not null default now()
);

create table session_parts (
  user_id uuid not null,
  session_id uuid not null,
  kind text not null,
  start_at timestamp with time zone not null,
  position integer not null default 0,
  end_at timestamp with time zone not null,
  label text,
  intensity text,
  quality integer not null default 0,
  totals jsonb not null default '{}'::jsonb
);

create table session_streams (
  user_id uuid not null,
  session_id uuid not null,
  stream text not null,
  n integer not null,
  data bytea not null
);

create table sessions (
  user_id uuid not null,
  session_id uuid not null,
  source_id uuid not null,
  external_id text not null,
  type text not null,
  activity text,
  title text,
  start_at timestamp with time zone not null,
  end_at timestamp with time zone not null,
  utc_offset_minutes smallint,
  totals jsonb not null default '{}'::jsonb,
  derived text[] not null default '{}'::text[],
  activity_data jsonb not null default '{}'::jsonb,
  file_id uuid,
  import_id uuid,
  file_name text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  is_nap boolean not null default false,
  format text,
  superseded_by uuid,
  deleted_at timestamp with time zone,
  notes text,
  edits jsonb,
  content_hash bytea
);

create table sign_in_attempts (
  user_id uuid not null default '00000000-0000-0000-0000-000000000000'::uuid,
  bucket bytea not null,
  failures integer not null,
  last_at timestamp with time zone not null,
  blocked_until timestamp with time zone
);

create table sign_ins (
  user_id uuid not null,
  sign_in_id uuid not null,
  kind text not null,
  cookie_hash bytea,
  address text,
  user_agent text,
  created_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ended_reason text
);

create table source_day_values (
  user_id uuid not null,
  metric text not null,
  day_on date not null,
  source_id uuid not null,
  basis text not null,
  value double precision not null,
  n integer not null,
  v_min double precision,
  v_max double precision,
  v_avg double precision,
  v_sum double precision,
  v_last double precision,
  last_at timestamp with time zone,
  coverage double precision,
  quality double precision,
  start_at timestamp with time zone,
  end_at timestamp with time zone,
  v_first double precision
);

create table source_days (
  user_id uuid not null,
  source_id uuid not null,
  metric text not null,
  day_on date not null,
  value double precision not null,
  unit text,
  quality integer not null default 0,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now()
);

create table source_writers (
  user_id uuid not null,
  source_id uuid not null,
  connection_id uuid not null
);

create table sources (
  user_id uuid not null,
  source_id uuid not null,
  kind text not null,
  device_id uuid,
  name text not null,
  created_at timestamp with time zone not null default now(),
  archive text,
  external_key text,
  is_demo boolean not null default false,
  connection_id uuid
);

create table suppressions (
  user_id uuid not null,
  suppression_id uuid not null,
  source_id uuid,
  metric text,
  external_id text,
  title text,
  start_at timestamp with time zone,
  end_at timestamp with time zone,
  suppressed bigint not null default 0,
  created_at timestamp with time zone not null default now(),
  changed_at timestamp with time zone not null default clock_timestamp(),
  lifted_at timestamp with time zone,
  delete_again_at timestamp with time zone
);

create table sync_runs (
  user_id uuid not null,
  sync_id uuid not null,
  device_id uuid,
  provider text,
  trigger text not null,
  status text not null,
  started_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  window_from timestamp with time zone,
  window_to timestamp with time zone,
  records_fetched integer not null default 0,
  records_inserted integer not null default 0,
  records_updated integer not null default 0,
  records_skipped integer not null default 0,
  records_failed integer not null default 0,
  error_code text,
  error_message text,
  error_details jsonb,
  connection_id uuid,
  feeds jsonb not null default '[]'::jsonb,
  lease_until timestamp with time zone,
  worker uuid
);

create table tracks (
  user_id uuid not null,
  track_id uuid not null,
  source_id uuid not null,
  session_id uuid,
  start_at timestamp with time zone not null,
  end_at timestamp with time zone not null,
  n integer not null,
  data bytea not null
);

create table uploads (
  user_id uuid not null,
  upload_id uuid not null,
  name text not null,
  bytes bigint not null,
  received bigint not null default 0,
  import_id uuid,
  created_at timestamp with time zone not null default now()
);

create table users (
  user_id uuid not null,
  email text not null,
  display_name text,
  role text not null,
  time_zone text not null default 'UTC'::text,
  locale text not null default 'en'::text,
  units text not null default 'metric'::text,
  birth_on date,
  sex text,
  body_height double precision,
  external_id text,
  disabled_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now()
);

create table view_logins (
  login text not null,
  reads uuid,
  created_at timestamp with time zone not null default now()
);

-- constraints
alter table api_keys add constraint api_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table api_keys add constraint api_keys_pkey PRIMARY KEY (user_id, api_key_id);
alter table archive_reads add constraint archive_reads_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table archive_reads add constraint archive_reads_pkey PRIMARY KEY (user_id, archive);
alter table audit_log add constraint audit_log_pkey PRIMARY KEY (audit_id);
alter table batches add constraint batches_pkey PRIMARY KEY (user_id, device_id, batch_id);
alter table chunk add constraint chunk_n_check CHECK ((n > 0));
alter table chunk add constraint chunk_pkey PRIMARY KEY (user_id, series_id, day);
alter table connect_sessions add constraint connect_sessions_theme_check CHECK ((theme = ANY (ARRAY['light'::text, 'dark'::text, 'auto'::text])));
alter table connect_sessions add constraint connect_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table connect_sessions add constraint connect_sessions_pkey PRIMARY KEY (user_id, connect_session_id);
alter table connection_secrets add constraint connection_secrets_user_id_connection_id_fkey FOREIGN KEY (user_id, connection_id) REFERENCES connections(user_id, connection_id) ON DELETE CASCADE;
alter table connection_secrets add constraint connection_secrets_pkey PRIMARY KEY (user_id, connection_id, name);
alter table connections add constraint connections_auth_kind_check CHECK ((auth_kind = ANY (ARRAY['oauth2'::text, 'oauth1'::text, 'key'::text, 'none'::text])));
alter table connections add constraint connections_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'active'::text, 'paused'::text, 'needs_reauth'::text, 'ended'::text])));
alter table connections add constraint connections_provider_fkey FOREIGN KEY (provider) REFERENCES providers(provider);
alter table connections add constraint connections_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table connections add constraint connections_pkey PRIMARY KEY (user_id, connection_id);
alter table connections add constraint connections_user_id_provider_provider_account_key UNIQUE (user_id, provider, provider_account);
alter table csv_mappings add constraint csv_mappings_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table csv_mappings add constraint csv_mappings_pkey PRIMARY KEY (user_id, mapping_id);
alter table csv_mappings add constraint csv_mappings_user_id_header_hash_key UNIQUE (user_id, header_hash);
alter table custom_apis add constraint custom_apis_user_id_connection_id_fkey FOREIGN KEY (user_id, connection_id) REFERENCES connections(user_id, connection_id) ON DELETE CASCADE;
alter table custom_apis add constraint custom_apis_pkey PRIMARY KEY (user_id, custom_api_id);
alter table data_keys add constraint data_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table data_keys add constraint data_keys_pkey PRIMARY KEY (user_id, data_key_id);
alter table day_marks add constraint day_marks_pkey PRIMARY KEY (user_id, mark_id);
alter table demos add constraint demos_status_check CHECK ((status = ANY (ARRAY['loading'::text, 'ready'::text, 'removing'::text])));
alter table demos add constraint demos_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table demos add constraint demos_pkey PRIMARY KEY (user_id);
alter table device_health add constraint device_health_user_id_device_id_fkey FOREIGN KEY (user_id, device_id) REFERENCES devices(user_id, device_id) ON DELETE CASCADE;
alter table device_health add constraint device_health_pkey PRIMARY KEY (user_id, device_id, report_id);
alter table device_tokens add constraint device_tokens_user_id_device_id_fkey FOREIGN KEY (user_id, device_id) REFERENCES devices(user_id, device_id) ON DELETE CASCADE;
alter table device_tokens add constraint device_tokens_pkey PRIMARY KEY (user_id, device_id);
alter table devices add constraint devices_battery_level_check CHECK (((battery_level >= 0) AND (battery_level <= 100)));
alter table devices add constraint devices_integration_type_check CHECK ((integration_type = ANY (ARRAY['api'::text, 'bluetooth'::text, 'wifi'::text, 'mqtt'::text, 'file'::text, 'manual'::text])));
alter table devices add constraint devices_status_check CHECK ((status = ANY (ARRAY['registered'::text, 'active'::text, 'inactive'::text, 'error'::text])));
alter table devices add constraint devices_sync_historical_days_check CHECK (((sync_historical_days >= 0) AND (sync_historical_days <= 3650)));
alter table devices add constraint devices_sync_interval_minutes_check CHECK (((sync_interval_minutes >= 15) AND (sync_interval_minutes <= 1440)));
alter table devices add constraint devices_sync_status_check CHECK ((sync_status = ANY (ARRAY['pending'::text, 'running'::text, 'completed'::text, 'partial'::text, 'failed'::text, 'cancelled'::text])));
alter table devices add constraint devices_user_id_connection_id_fkey FOREIGN KEY (user_id, connection_id) REFERENCES connections(user_id, connection_id) ON DELETE SET NULL (connection_id);
alter table devices add constraint devices_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table devices add constraint devices_pkey PRIMARY KEY (user_id, device_id);
alter table dirty add constraint dirty_pkey PRIMARY KEY (user_id, series_id, day);
alter table events add constraint events_user_id_source_id_fkey FOREIGN KEY (user_id, source_id) REFERENCES sources(user_id, source_id) ON DELETE CASCADE;
alter table events add constraint events_pkey PRIMARY KEY (user_id, source_id, metric, start_at, external_id);
alter table export_parts add constraint export_parts_user_id_export_id_fkey FOREIGN KEY (user_id, export_id) REFERENCES exports(user_id, export_id) ON DELETE CASCADE;
alter table export_parts add constraint export_parts_pkey PRIMARY KEY (user_id, export_id, part);
alter table exports add constraint exports_format_check CHECK ((format = ANY (ARRAY['json'::text, 'csv'::text, 'ndjson'::text, 'parquet'::text, 'tributary'::text])));
alter table exports add constraint exports_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'writing'::text, 'done'::text, 'failed'::text])));
alter table exports add constraint exports_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table exports add constraint exports_pkey PRIMARY KEY (user_id, export_id);
alter table feeds add constraint feeds_user_id_connection_id_fkey FOREIGN KEY (user_id, connection_id) REFERENCES connections(user_id, connection_id) ON DELETE CASCADE;
alter table feeds add constraint feeds_pkey PRIMARY KEY (user_id, connection_id, feed);
alter table file_parts add constraint file_parts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table file_parts add constraint file_parts_pkey PRIMARY KEY (user_id, file_id, part);
alter table files add constraint files_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table files add constraint files_pkey PRIMARY KEY (user_id, file_id);
alter table files add constraint files_user_id_content_hash_key UNIQUE (user_id, content_hash);
alter table flush_mark add constraint flush_mark_pkey PRIMARY KEY (slot);
alter table hook_notices add constraint hook_notices_kind_check CHECK ((kind = ANY (ARRAY['changed'::text, 'records'::text, 'deleted'::text, 'left'::text, 'scopes'::text])));
alter table hook_notices add constraint hook_notices_user_id_connection_id_fkey FOREIGN KEY (user_id, connection_id) REFERENCES connections(user_id, connection_id) ON DELETE CASCADE;
alter table hook_notices add constraint hook_notices_pkey PRIMARY KEY (user_id, connection_id, notice_hash);
alter table hook_secrets add constraint hook_secrets_sealed CHECK ((num_nonnulls(secret, sealed_secret) = 1));
alter table hook_secrets add constraint hook_secrets_provider_fkey FOREIGN KEY (provider) REFERENCES providers(provider);
alter table hook_secrets add constraint hook_secrets_pkey PRIMARY KEY (provider);
alter table idempotency_keys add constraint idempotency_keys_pkey PRIMARY KEY (user_id, key);
alter table identities add constraint identities_kind_check CHECK ((kind = 'password'::text));
alter table identities add constraint identities_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table identities add constraint identities_pkey PRIMARY KEY (user_id, kind);
alter table import_files add constraint import_files_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'reading'::text, 'done'::text, 'partial'::text, 'failed'::text, 'cancelled'::text, 'duplicate'::text, 'waiting'::text])));
alter table import_files add constraint import_files_user_id_file_id_fkey FOREIGN KEY (user_id, file_id) REFERENCES files(user_id, file_id) ON DELETE CASCADE;
alter table import_files add constraint import_files_user_id_import_id_fkey FOREIGN KEY (user_id, import_id) REFERENCES imports(user_id, import_id) ON DELETE CASCADE;
alter table import_files add constraint import_files_pkey PRIMARY KEY (user_id, import_id, "position");
alter table import_sources add constraint import_sources_user_id_import_id_position_fkey FOREIGN KEY (user_id, import_id, "position") REFERENCES import_files(user_id, import_id, "position") ON DELETE CASCADE;
alter table import_sources add constraint import_sources_user_id_source_id_fkey FOREIGN KEY (user_id, source_id) REFERENCES sources(user_id, source_id) ON DELETE CASCADE;
alter table import_sources add constraint import_sources_pkey PRIMARY KEY (user_id, import_id, "position", source_id);
alter table import_steps add constraint import_steps_user_id_import_id_position_fkey FOREIGN KEY (user_id, import_id, "position") REFERENCES import_files(user_id, import_id, "position") ON DELETE CASCADE;
alter table import_steps add constraint import_steps_pkey PRIMARY KEY (user_id, import_id, "position", step);
alter table imports add constraint imports_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'reading'::text, 'done'::text, 'partial'::text, 'failed'::text, 'cancelled'::text])));
alter table imports add constraint imports_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table imports add constraint imports_pkey PRIMARY KEY (user_id, import_id);
alter table installation add constraint installation_pkey PRIMARY KEY (name);
alter table invites add constraint invites_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'member'::text, 'viewer'::text])));
alter table invites add constraint invites_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table invites add constraint invites_pkey PRIMARY KEY (user_id, invite_id);
alter table latest add constraint latest_user_id_series_id_fkey FOREIGN KEY (user_id, series_id) REFERENCES series(user_id, series_id) ON DELETE CASCADE;
alter table latest add constraint latest_pkey PRIMARY KEY (user_id, series_id);
alter table migrations add constraint migrations_pkey PRIMARY KEY (name);
alter table oauth_states add constraint oauth_states_asked_by_check CHECK ((asked_by = ANY (ARRAY['cookie'::text, 'bearer'::text, 'connect'::text])));
alter table oauth_states add constraint oauth_states_auth_kind_check CHECK ((auth_kind = ANY (ARRAY['oauth2'::text, 'oauth1'::text])));
alter table oauth_states add constraint oauth_states_confirm_reason_check CHECK ((confirm_reason = ANY (ARRAY['other_browser'::text, 'shared_account'::text])));
alter table oauth_states add constraint oauth_states_provider_fkey FOREIGN KEY (provider) REFERENCES providers(provider);
alter table oauth_states add constraint oauth_states_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table oauth_states add constraint oauth_states_pkey PRIMARY KEY (user_id, state_hash);
alter table phone_cursors add constraint phone_cursors_user_id_connection_id_fkey FOREIGN KEY (user_id, connection_id) REFERENCES connections(user_id, connection_id) ON DELETE CASCADE;
alter table phone_cursors add constraint phone_cursors_pkey PRIMARY KEY (user_id, connection_id, type);
alter table phone_records add constraint phone_records_user_id_connection_id_fkey FOREIGN KEY (user_id, connection_id) REFERENCES connections(user_id, connection_id) ON DELETE CASCADE;
alter table phone_records add constraint phone_records_user_id_source_id_fkey FOREIGN KEY (user_id, source_id) REFERENCES sources(user_id, source_id) ON DELETE SET NULL (source_id);
alter table phone_records add constraint phone_records_pkey PRIMARY KEY (user_id, connection_id, id_hash);
alter table planned_sessions add constraint planned_sessions_matched_by_check CHECK ((matched_by = ANY (ARRAY['rule'::text, 'person'::text, 'nobody'::text])));
alter table planned_sessions add constraint planned_sessions_told CHECK ((((source_id IS NULL) = (external_id IS NULL)) AND ((source_id IS NULL) = (told_at IS NULL))));
alter table planned_sessions add constraint planned_sessions_source FOREIGN KEY (user_id, source_id) REFERENCES sources(user_id, source_id) ON DELETE CASCADE;
alter table planned_sessions add constraint planned_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table planned_sessions add constraint planned_sessions_user_id_session_id_fkey FOREIGN KEY (user_id, session_id) REFERENCES sessions(user_id, session_id) ON DELETE SET NULL (session_id);
alter table planned_sessions add constraint planned_sessions_pkey PRIMARY KEY (user_id, planned_session_id);
alter table provider_apps add constraint provider_apps_provider_fkey FOREIGN KEY (provider) REFERENCES providers(provider);
alter table provider_apps add constraint provider_apps_pkey PRIMARY KEY (provider);
alter table providers add constraint providers_pkey PRIMARY KEY (provider);
alter table quarantine add constraint quarantine_kind_check CHECK ((kind = ANY (ARRAY['record'::text, 'reading'::text])));
alter table quarantine add constraint quarantine_user_id_connection_id_fkey FOREIGN KEY (user_id, connection_id) REFERENCES connections(user_id, connection_id) ON DELETE SET NULL (connection_id);
alter table quarantine add constraint quarantine_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table quarantine add constraint quarantine_user_id_import_id_fkey FOREIGN KEY (user_id, import_id) REFERENCES imports(user_id, import_id) ON DELETE SET NULL (import_id);
alter table quarantine add constraint quarantine_user_id_source_id_fkey FOREIGN KEY (user_id, source_id) REFERENCES sources(user_id, source_id) ON DELETE SET NULL (source_id);
alter table quarantine add constraint quarantine_pkey PRIMARY KEY (user_id, record_id);
alter table raw_payloads add constraint raw_payloads_user_id_connection_id_fkey FOREIGN KEY (user_id, connection_id) REFERENCES connections(user_id, connection_id) ON DELETE CASCADE;
alter table raw_payloads add constraint raw_payloads_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table raw_payloads add constraint raw_payloads_pkey PRIMARY KEY (user_id, payload_id);
alter table record_ref add constraint record_ref_pkey PRIMARY KEY (user_id, source_id, id_hash);
alter table refresh_tokens add constraint refresh_tokens_user_id_sign_in_id_fkey FOREIGN KEY (user_id, sign_in_id) REFERENCES sign_ins(user_id, sign_in_id) ON DELETE CASCADE;
alter table refresh_tokens add constraint refresh_tokens_pkey PRIMARY KEY (user_id, token_hash);
alter table segment add constraint segment_n_check CHECK ((n > 0));
alter table segment add constraint segment_pkey PRIMARY KEY (user_id, series_id, t0, seq);
alter table series add constraint series_user_id_source_id_fkey FOREIGN KEY (user_id, source_id) REFERENCES sources(user_id, source_id) ON DELETE CASCADE;
alter table series add constraint series_pkey PRIMARY KEY (user_id, series_id);
alter table series add constraint series_user_id_source_id_metric_key UNIQUE (user_id, source_id, metric);
alter table session_parts add constraint session_parts_kind_check CHECK ((kind = ANY (ARRAY['lap'::text, 'length'::text, 'stage'::text, 'pause'::text, 'segment'::text, 'set'::text, 'marker'::text])));
alter table session_parts add constraint session_parts_user_id_session_id_fkey FOREIGN KEY (user_id, session_id) REFERENCES sessions(user_id, session_id) ON DELETE CASCADE;
alter table session_parts add constraint session_parts_pkey PRIMARY KEY (user_id, session_id, kind, start_at, "position");
alter table session_streams add constraint session_streams_user_id_session_id_fkey FOREIGN KEY (user_id, session_id) REFERENCES sessions(user_id, session_id) ON DELETE CASCADE;
alter table session_streams add constraint session_streams_pkey PRIMARY KEY (user_id, session_id, stream);
alter table sessions add constraint sessions_check CHECK ((start_at <= end_at));
alter table sessions add constraint sessions_type_check CHECK ((type = ANY (ARRAY['workout'::text, 'sleep'::text, 'meditation'::text, 'ecg'::text])));
alter table sessions add constraint sessions_user_id_file_id_fkey FOREIGN KEY (user_id, file_id) REFERENCES files(user_id, file_id) ON DELETE SET NULL (file_id);
alter table sessions add constraint sessions_user_id_source_id_fkey FOREIGN KEY (user_id, source_id) REFERENCES sources(user_id, source_id) ON DELETE CASCADE;
alter table sessions add constraint sessions_winner FOREIGN KEY (user_id, superseded_by) REFERENCES sessions(user_id, session_id) ON DELETE SET NULL (superseded_by);
alter table sessions add constraint sessions_pkey PRIMARY KEY (user_id, session_id);
alter table sessions add constraint sessions_user_id_source_id_external_id_key UNIQUE (user_id, source_id, external_id);
alter table sign_in_attempts add constraint sign_in_attempts_user_id_check CHECK ((user_id = '00000000-0000-0000-0000-000000000000'::uuid));
alter table sign_in_attempts add constraint sign_in_attempts_pkey PRIMARY KEY (user_id, bucket);
alter table sign_ins add constraint sign_ins_ended_reason_check CHECK ((ended_reason = ANY (ARRAY['logout'::text, 'ended'::text, 'password'::text, 'reuse'::text, 'reset'::text, 'disabled'::text])));
alter table sign_ins add constraint sign_ins_kind_check CHECK ((kind = ANY (ARRAY['tokens'::text, 'cookie'::text])));
alter table sign_ins add constraint sign_ins_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table sign_ins add constraint sign_ins_pkey PRIMARY KEY (user_id, sign_in_id);
alter table sign_ins add constraint sign_ins_cookie_hash_key UNIQUE (cookie_hash);
alter table source_day_values add constraint source_day_values_basis_check CHECK ((basis = ANY (ARRAY['stated'::text, 'samples'::text, 'events'::text, 'sessions'::text])));
alter table source_day_values add constraint source_day_values_user_id_source_id_fkey FOREIGN KEY (user_id, source_id) REFERENCES sources(user_id, source_id) ON DELETE CASCADE;
alter table source_day_values add constraint source_day_values_pkey PRIMARY KEY (user_id, metric, day_on, source_id);
alter table source_days add constraint source_days_user_id_source_id_fkey FOREIGN KEY (user_id, source_id) REFERENCES sources(user_id, source_id) ON DELETE CASCADE;
alter table source_days add constraint source_days_pkey PRIMARY KEY (user_id, source_id, metric, day_on);
alter table source_writers add constraint source_writers_user_id_connection_id_fkey FOREIGN KEY (user_id, connection_id) REFERENCES connections(user_id, connection_id) ON DELETE CASCADE;
alter table source_writers add constraint source_writers_user_id_source_id_fkey FOREIGN KEY (user_id, source_id) REFERENCES sources(user_id, source_id) ON DELETE CASCADE;
alter table source_writers add constraint source_writers_pkey PRIMARY KEY (user_id, source_id, connection_id);
alter table sources add constraint sources_app_check CHECK (((kind = 'app'::text) = (archive IS NOT NULL)));
alter table sources add constraint sources_connection_check CHECK (((kind <> 'connection'::text) OR (external_key IS NOT NULL)));
alter table sources add constraint sources_kind_check CHECK ((kind = ANY (ARRAY['device'::text, 'file'::text, 'manual'::text, 'app'::text, 'connection'::text])));
alter table sources add constraint sources_user_id_connection_id_fkey FOREIGN KEY (user_id, connection_id) REFERENCES connections(user_id, connection_id) ON DELETE SET NULL (connection_id);
alter table sources add constraint sources_user_id_device_id_fkey FOREIGN KEY (user_id, device_id) REFERENCES devices(user_id, device_id) ON DELETE SET NULL (device_id);
alter table sources add constraint sources_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table sources add constraint sources_pkey PRIMARY KEY (user_id, source_id);
alter table suppressions add constraint suppressions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table suppressions add constraint suppressions_user_id_source_id_fkey FOREIGN KEY (user_id, source_id) REFERENCES sources(user_id, source_id) ON DELETE CASCADE;
alter table suppressions add constraint suppressions_pkey PRIMARY KEY (user_id, suppression_id);
alter table sync_runs add constraint sync_runs_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'running'::text, 'completed'::text, 'partial'::text, 'failed'::text, 'cancelled'::text])));
alter table sync_runs add constraint sync_runs_trigger_check CHECK ((trigger = ANY (ARRAY['manual'::text, 'automatic'::text, 'bulk'::text, 'webhook'::text, 'backfill'::text, 'push'::text, 'import'::text, 'retry'::text])));
alter table sync_runs add constraint sync_runs_user_id_connection_id_fkey FOREIGN KEY (user_id, connection_id) REFERENCES connections(user_id, connection_id) ON DELETE CASCADE;
alter table sync_runs add constraint sync_runs_user_id_device_id_fkey FOREIGN KEY (user_id, device_id) REFERENCES devices(user_id, device_id) ON DELETE CASCADE;
alter table sync_runs add constraint sync_runs_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table sync_runs add constraint sync_runs_pkey PRIMARY KEY (user_id, sync_id);
alter table tracks add constraint tracks_user_id_session_id_fkey FOREIGN KEY (user_id, session_id) REFERENCES sessions(user_id, session_id) ON DELETE CASCADE;
alter table tracks add constraint tracks_user_id_source_id_fkey FOREIGN KEY (user_id, source_id) REFERENCES sources(user_id, source_id) ON DELETE CASCADE;
alter table tracks add constraint tracks_pkey PRIMARY KEY (user_id, track_id);
alter table uploads add constraint uploads_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(user_id) ON DELETE CASCADE;
alter table uploads add constraint uploads_pkey PRIMARY KEY (user_id, upload_id);
alter table users add constraint users_email_check CHECK ((email = lower(email)));
alter table users add constraint users_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'member'::text, 'viewer'::text])));
alter table users add constraint users_sex_check CHECK ((sex = ANY (ARRAY['female'::text, 'male'::text, 'other'::text])));
alter table users add constraint users_units_check CHECK ((units = ANY (ARRAY['metric'::text, 'imperial'::text])));
alter table users add constraint users_pkey PRIMARY KEY (user_id);
alter table users add constraint users_email_key UNIQUE (email);
alter table users add constraint users_external_id_key UNIQUE (external_id);
alter table view_logins add constraint view_logins_reads_fkey FOREIGN KEY (reads) REFERENCES users(user_id) ON DELETE CASCADE;
alter table view_logins add constraint view_logins_pkey PRIMARY KEY (login);

-- indexes
CREATE UNIQUE INDEX api_keys_hash ON tributary.api_keys USING btree (key_hash);
CREATE INDEX audit_log_person ON tributary.audit_log USING btree (user_id, at);
CREATE INDEX batches_age ON tributary.batches USING brin (created_at);
CREATE UNIQUE INDEX connect_sessions_hash ON tributary.connect_sessions USING btree (token_hash);
CREATE UNIQUE INDEX connect_sessions_id ON tributary.connect_sessions USING btree (connect_session_id);
CREATE INDEX connections_account ON tributary.connections USING btree (provider, provider_account) WHERE (provider_account <> ''::text);
CREATE UNIQUE INDEX connections_short ON tributary.connections USING btree (user_id, short_id);
CREATE UNIQUE INDEX custom_apis_connection ON tributary.custom_apis USING btree (user_id, connection_id);
CREATE INDEX demos_due ON tributary.demos USING btree (created_at) WHERE (status <> 'ready'::text);
CREATE UNIQUE INDEX device_tokens_hash ON tributary.device_tokens USING btree (token_hash);
CREATE UNIQUE INDEX devices_platform ON tributary.devices USING btree (user_id, connection_id, platform_key) WHERE (platform_key IS NOT NULL);
CREATE UNIQUE INDEX devices_serial ON tributary.devices USING btree (user_id, lower(COALESCE(manufacturer, ''::text)), serial_number) WHERE (serial_number IS NOT NULL);
CREATE INDEX exports_due ON tributary.exports USING btree (created_at) WHERE (status = ANY (ARRAY['queued'::text, 'writing'::text]));
CREATE INDEX exports_expired ON tributary.exports USING btree (expires_at) WHERE (expires_at IS NOT NULL);
CREATE INDEX hook_notices_open ON tributary.hook_notices USING btree (received_at) WHERE (done_at IS NULL);
CREATE INDEX idempotency_keys_age ON tributary.idempotency_keys USING btree (created_at);
CREATE UNIQUE INDEX import_files_entry ON tributary.import_files USING btree (user_id, import_id, parent, entry) WHERE (parent IS NOT NULL);
CREATE INDEX import_files_file ON tributary.import_files USING btree (user_id, file_id);
CREATE INDEX import_files_open ON tributary.import_files USING btree (user_id, import_id, "position") WHERE (status = ANY (ARRAY['queued'::text, 'reading'::text]));
CREATE INDEX import_files_told ON tributary.import_files USING btree (user_id, import_id, ((status = ANY (ARRAY['failed'::text, 'waiting'::text, 'partial'::text]))) DESC, "position");
CREATE INDEX import_files_waiting ON tributary.import_files USING btree (user_id, header_hash) WHERE (status = 'waiting'::text);
CREATE INDEX import_sources_source ON tributary.import_sources USING btree (user_id, source_id);
CREATE INDEX imports_due ON tributary.imports USING btree (created_at) WHERE (status = ANY (ARRAY['queued'::text, 'reading'::text]));
CREATE UNIQUE INDEX invites_code ON tributary.invites USING btree (code_hash);
CREATE UNIQUE INDEX oauth_states_confirm ON tributary.oauth_states USING btree (user_id, confirm_hash) WHERE (confirm_hash IS NOT NULL);
CREATE UNIQUE INDEX oauth_states_hash ON tributary.oauth_states USING btree (state_hash);
CREATE INDEX planned_sessions_by_day ON tributary.planned_sessions USING btree (user_id, scheduled_on, planned_session_id);
CREATE UNIQUE INDEX planned_sessions_by_id ON tributary.planned_sessions USING btree (user_id, source_id, external_id) WHERE (source_id IS NOT NULL);
CREATE UNIQUE INDEX planned_sessions_fulfilled ON tributary.planned_sessions USING btree (user_id, session_id) WHERE (session_id IS NOT NULL);
CREATE INDEX quarantine_connection ON tributary.quarantine USING btree (user_id, connection_id) WHERE (connection_id IS NOT NULL);
CREATE INDEX quarantine_import ON tributary.quarantine USING btree (user_id, import_id, "position");
CREATE INDEX raw_payloads_age ON tributary.raw_payloads USING brin (fetched_at);
CREATE INDEX raw_payloads_feed ON tributary.raw_payloads USING btree (user_id, connection_id, feed, fetched_at);
CREATE INDEX record_ref_place ON tributary.record_ref USING btree (user_id, series_id, t0);
CREATE UNIQUE INDEX refresh_tokens_hash ON tributary.refresh_tokens USING btree (token_hash);
CREATE INDEX sessions_file ON tributary.sessions USING btree (user_id, file_id) WHERE (file_id IS NOT NULL);
CREATE INDEX sessions_long ON tributary.sessions USING btree (user_id, start_at) WHERE ((end_at - start_at) > '36:00:00'::interval);
CREATE INDEX sessions_newest ON tributary.sessions USING btree (user_id, start_at DESC, session_id DESC);
CREATE INDEX sessions_shown ON tributary.sessions USING btree (user_id, start_at DESC, session_id DESC) WHERE ((superseded_by IS NULL) AND (deleted_at IS NULL));
CREATE INDEX sessions_superseded ON tributary.sessions USING btree (user_id, superseded_by) WHERE (superseded_by IS NOT NULL);
CREATE INDEX sign_in_attempts_age ON tributary.sign_in_attempts USING btree (last_at);
CREATE UNIQUE INDEX sign_ins_id ON tributary.sign_ins USING btree (sign_in_id);
CREATE INDEX source_writers_by_connection ON tributary.source_writers USING btree (user_id, connection_id);
CREATE UNIQUE INDEX sources_app ON tributary.sources USING btree (user_id, archive, external_key) WHERE (kind = 'app'::text);
CREATE UNIQUE INDEX sources_connection ON tributary.sources USING btree (user_id, connection_id, external_key) WHERE ((kind = 'connection'::text) AND (connection_id IS NOT NULL));
CREATE UNIQUE INDEX sources_device ON tributary.sources USING btree (user_id, device_id) WHERE (device_id IS NOT NULL);
CREATE UNIQUE INDEX sources_kind ON tributary.sources USING btree (user_id, kind) WHERE (kind = ANY (ARRAY['file'::text, 'manual'::text]));
CREATE INDEX suppressions_changed ON tributary.suppressions USING btree (changed_at);
CREATE INDEX suppressions_due ON tributary.suppressions USING btree (delete_again_at) WHERE (delete_again_at IS NOT NULL);
CREATE INDEX suppressions_newest ON tributary.suppressions USING btree (user_id, created_at DESC, suppression_id DESC) WHERE (lifted_at IS NULL);
CREATE INDEX sync_runs_connection ON tributary.sync_runs USING btree (user_id, connection_id, started_at DESC) WHERE (connection_id IS NOT NULL);
CREATE UNIQUE INDEX sync_runs_connection_under_way ON tributary.sync_runs USING btree (user_id, connection_id) WHERE ((connection_id IS NOT NULL) AND (status = ANY (ARRAY['pending'::text, 'running'::text])));
CREATE INDEX sync_runs_device ON tributary.sync_runs USING btree (user_id, device_id, started_at DESC);
CREATE INDEX sync_runs_newest ON tributary.sync_runs USING btree (user_id, started_at DESC);
CREATE INDEX sync_runs_pending ON tributary.sync_runs USING btree (started_at) WHERE (status = 'pending'::text);
CREATE UNIQUE INDEX sync_runs_under_way ON tributary.sync_runs USING btree (user_id, device_id) WHERE (status = ANY (ARRAY['pending'::text, 'running'::text]));
CREATE UNIQUE INDEX tracks_hour ON tributary.tracks USING btree (user_id, source_id, start_at) WHERE (session_id IS NULL);
CREATE UNIQUE INDEX tracks_session ON tributary.tracks USING btree (user_id, session_id) WHERE (session_id IS NOT NULL);
CREATE UNIQUE INDEX users_one_owner ON tributary.users USING btree (role) WHERE (role = 'owner'::text);

-- storage
alter table flush_mark set (fillfactor=50);
alter table latest set (fillfactor=50);
alter table segment set (autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.2);

-- row-level security
create policy app on api_keys for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy lookup on api_keys for select to trb_lookup using (true);
create policy owner on api_keys for all to trb_owner using (true) with check (true);
create policy app on archive_reads for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on archive_reads for all to trb_owner using (true) with check (true);
create policy writer on archive_reads for all to trb_writer using (true) with check (true);
create policy app on audit_log for insert to trb_app with check ((NOT (user_id IS DISTINCT FROM ( SELECT subject() AS subject))));
create policy audit on audit_log for select to trb_audit using (true);
create policy owner on audit_log for all to trb_owner using (true) with check (true);
create policy writer on audit_log for insert to trb_writer with check (true);
create policy app on batches for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on batches for all to trb_owner using (true) with check (true);
create policy writer on batches for all to trb_writer using (true) with check (true);
create policy app on chunk for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on chunk for all to trb_owner using (true) with check (true);
create policy writer on chunk for all to trb_writer using (true) with check (true);
create policy app on connect_sessions for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy lookup on connect_sessions for select to trb_lookup using (true);
create policy owner on connect_sessions for all to trb_owner using (true) with check (true);
create policy writer on connect_sessions for all to trb_writer using (true);
create policy app on connection_secrets for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on connection_secrets for all to trb_owner using (true) with check (true);
create policy app on connections for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy lookup on connections for select to trb_lookup using (true);
create policy owner on connections for all to trb_owner using (true) with check (true);
create policy reader on connections for select to trb_reader using ((user_id = ( SELECT view_subject() AS view_subject)));
create policy reader_all on connections for select to trb_reader_all using (( SELECT views_everybody() AS views_everybody));
create policy writer on connections for all to trb_writer using (true) with check (true);
create policy app on csv_mappings for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on csv_mappings for all to trb_owner using (true) with check (true);
create policy writer on csv_mappings for all to trb_writer using (true) with check (true);
create policy app on custom_apis for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on custom_apis for all to trb_owner using (true) with check (true);
create policy app on data_keys for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on data_keys for all to trb_owner using (true) with check (true);
create policy app on day_marks for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on day_marks for all to trb_owner using (true) with check (true);
create policy writer on day_marks for all to trb_writer using (true) with check (true);
create policy app on demos for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on demos for all to trb_owner using (true) with check (true);
create policy writer on demos for all to trb_writer using (true) with check (true);
create policy app on device_health for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on device_health for all to trb_owner using (true) with check (true);
create policy reader on device_health for select to trb_reader using ((user_id = ( SELECT view_subject() AS view_subject)));
create policy reader_all on device_health for select to trb_reader_all using (( SELECT views_everybody() AS views_everybody));
create policy app on device_tokens for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy lookup on device_tokens for select to trb_lookup using (true);
create policy owner on device_tokens for all to trb_owner using (true) with check (true);
create policy app on devices for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on devices for all to trb_owner using (true) with check (true);
create policy reader on devices for select to trb_reader using ((user_id = ( SELECT view_subject() AS view_subject)));
create policy reader_all on devices for select to trb_reader_all using (( SELECT views_everybody() AS views_everybody));
create policy writer on devices for all to trb_writer using (true) with check (true);
create policy app on dirty for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on dirty for all to trb_owner using (true) with check (true);
create policy writer on dirty for all to trb_writer using (true) with check (true);
create policy app on events for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on events for all to trb_owner using (true) with check (true);
create policy writer on events for all to trb_writer using (true) with check (true);
create policy app on export_parts for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on export_parts for all to trb_owner using (true) with check (true);
create policy writer on export_parts for all to trb_writer using (true) with check (true);
create policy app on exports for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on exports for all to trb_owner using (true) with check (true);
create policy writer on exports for all to trb_writer using (true) with check (true);
create policy app on feeds for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on feeds for all to trb_owner using (true) with check (true);
create policy writer on feeds for all to trb_writer using (true) with check (true);
create policy app on file_parts for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on file_parts for all to trb_owner using (true) with check (true);
create policy writer on file_parts for all to trb_writer using (true) with check (true);
create policy app on files for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on files for all to trb_owner using (true) with check (true);
create policy writer on files for all to trb_writer using (true) with check (true);
create policy owner on flush_mark for all to trb_owner using (true) with check (true);
create policy writer on flush_mark for all to trb_writer using (true) with check (true);
create policy app on hook_notices for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on hook_notices for all to trb_owner using (true) with check (true);
create policy writer on hook_notices for all to trb_writer using (true) with check (true);
create policy owner on hook_secrets for all to trb_owner using (true) with check (true);
create policy writer on hook_secrets for all to trb_writer using (true) with check (true);
create policy app on idempotency_keys for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on idempotency_keys for all to trb_owner using (true) with check (true);
create policy writer on idempotency_keys for all to trb_writer using (true) with check (true);
create policy app on identities for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy lookup on identities for select to trb_lookup using (true);
create policy owner on identities for all to trb_owner using (true) with check (true);
create policy app on import_files for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on import_files for all to trb_owner using (true) with check (true);
create policy writer on import_files for all to trb_writer using (true) with check (true);
create policy app on import_sources for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on import_sources for all to trb_owner using (true) with check (true);
create policy writer on import_sources for all to trb_writer using (true) with check (true);
create policy app on import_steps for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on import_steps for all to trb_owner using (true) with check (true);
create policy writer on import_steps for all to trb_writer using (true) with check (true);
create policy app on imports for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on imports for all to trb_owner using (true) with check (true);
create policy writer on imports for all to trb_writer using (true) with check (true);
create policy owner on installation for all to trb_owner using (true) with check (true);
create policy writer on installation for all to trb_writer using (true) with check (true);
create policy app on invites for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy lookup on invites for select to trb_lookup using (true);
create policy owner on invites for all to trb_owner using (true) with check (true);
create policy app on latest for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on latest for all to trb_owner using (true) with check (true);
create policy writer on latest for all to trb_writer using (true) with check (true);
create policy app on oauth_states for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy lookup on oauth_states for select to trb_lookup using (true);
create policy owner on oauth_states for all to trb_owner using (true) with check (true);
create policy writer on oauth_states for all to trb_writer using (true);
create policy app on phone_cursors for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on phone_cursors for all to trb_owner using (true) with check (true);
create policy app on phone_records for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on phone_records for all to trb_owner using (true) with check (true);
create policy app on planned_sessions for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on planned_sessions for all to trb_owner using (true) with check (true);
create policy reader on planned_sessions for select to trb_reader using ((user_id = ( SELECT view_subject() AS view_subject)));
create policy reader_all on planned_sessions for select to trb_reader_all using (( SELECT views_everybody() AS views_everybody));
create policy writer on planned_sessions for all to trb_writer using (true) with check (true);
create policy owner on provider_apps for all to trb_owner using (true) with check (true);
create policy writer on provider_apps for all to trb_writer using (true) with check (true);
create policy everyone on providers for select to trb_app, trb_writer using (true);
create policy owner on providers for all to trb_owner using (true) with check (true);
create policy app on quarantine for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on quarantine for all to trb_owner using (true) with check (true);
create policy writer on quarantine for all to trb_writer using (true) with check (true);
create policy app on raw_payloads for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on raw_payloads for all to trb_owner using (true) with check (true);
create policy writer on raw_payloads for all to trb_writer using (true) with check (true);
create policy app on record_ref for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on record_ref for all to trb_owner using (true) with check (true);
create policy writer on record_ref for all to trb_writer using (true) with check (true);
create policy app on refresh_tokens for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy lookup on refresh_tokens for select to trb_lookup using (true);
create policy owner on refresh_tokens for all to trb_owner using (true) with check (true);
create policy app on segment for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on segment for all to trb_owner using (true) with check (true);
create policy writer on segment for all to trb_writer using (true) with check (true);
create policy app on series for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on series for all to trb_owner using (true) with check (true);
create policy writer on series for all to trb_writer using (true) with check (true);
create policy app on session_parts for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on session_parts for all to trb_owner using (true) with check (true);
create policy writer on session_parts for all to trb_writer using (true) with check (true);
create policy app on session_streams for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on session_streams for all to trb_owner using (true) with check (true);
create policy writer on session_streams for all to trb_writer using (true) with check (true);
create policy app on sessions for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on sessions for all to trb_owner using (true) with check (true);
create policy reader on sessions for select to trb_reader using ((user_id = ( SELECT view_subject() AS view_subject)));
create policy reader_all on sessions for select to trb_reader_all using (( SELECT views_everybody() AS views_everybody));
create policy writer on sessions for all to trb_writer using (true) with check (true);
create policy app on sign_in_attempts for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on sign_in_attempts for all to trb_owner using (true) with check (true);
create policy writer on sign_in_attempts for all to trb_writer using (true) with check (true);
create policy app on sign_ins for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy lookup on sign_ins for select to trb_lookup using (true);
create policy owner on sign_ins for all to trb_owner using (true) with check (true);
create policy app on source_day_values for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on source_day_values for all to trb_owner using (true) with check (true);
create policy reader on source_day_values for select to trb_reader using ((user_id = ( SELECT view_subject() AS view_subject)));
create policy reader_all on source_day_values for select to trb_reader_all using (( SELECT views_everybody() AS views_everybody));
create policy app on source_days for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on source_days for all to trb_owner using (true) with check (true);
create policy writer on source_days for all to trb_writer using (true) with check (true);
create policy app on source_writers for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on source_writers for all to trb_owner using (true) with check (true);
create policy app on sources for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on sources for all to trb_owner using (true) with check (true);
create policy reader on sources for select to trb_reader using ((user_id = ( SELECT view_subject() AS view_subject)));
create policy reader_all on sources for select to trb_reader_all using (( SELECT views_everybody() AS views_everybody));
create policy writer on sources for all to trb_writer using (true) with check (true);
create policy app on suppressions for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on suppressions for all to trb_owner using (true) with check (true);
create policy writer on suppressions for all to trb_writer using (true) with check (true);
create policy app on sync_runs for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on sync_runs for all to trb_owner using (true) with check (true);
create policy reader on sync_runs for select to trb_reader using ((user_id = ( SELECT view_subject() AS view_subject)));
create policy reader_all on sync_runs for select to trb_reader_all using (( SELECT views_everybody() AS views_everybody));
create policy writer on sync_runs for all to trb_writer using (true) with check (true);
create policy app on tracks for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on tracks for all to trb_owner using (true) with check (true);
create policy writer on tracks for all to trb_writer using (true) with check (true);
create policy app on uploads for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy owner on uploads for all to trb_owner using (true) with check (true);
create policy writer on uploads for all to trb_writer using (true) with check (true);
create policy app on users for all to trb_app using ((user_id = ( SELECT subject() AS subject))) with check ((user_id = ( SELECT subject() AS subject)));
create policy lookup on users for select to trb_lookup using (true);
create policy owner on users for all to trb_owner using (true) with check (true);
create policy lookup on view_logins for select to trb_lookup using (true);
create policy owner on view_logins for all to trb_owner using (true) with check (true);

-- forced
-- api_keys: row-level security enabled and forced
-- archive_reads: row-level security enabled and forced
-- audit_log: row-level security enabled and forced
-- batches: row-level security enabled and forced
-- chunk: row-level security enabled and forced
-- connect_sessions: row-level security enabled and forced
-- connection_secrets: row-level security enabled and forced
-- connections: row-level security enabled and forced
-- csv_mappings: row-level security enabled and forced
-- custom_apis: row-level security enabled and forced
-- data_keys: row-level security enabled and forced
-- day_marks: row-level security enabled and forced
-- demos: row-level security enabled and forced
-- device_health: row-level security enabled and forced
-- device_tokens: row-level security enabled and forced
-- devices: row-level security enabled and forced
-- dirty: row-level security enabled and forced
-- events: row-level security enabled and forced
-- export_parts: row-level security enabled and forced
-- exports: row-level security enabled and forced
-- feeds: row-level security enabled and forced
-- file_parts: row-level security enabled and forced
-- files: row-level security enabled and forced
-- flush_mark: row-level security enabled and forced
-- hook_notices: row-level security enabled and forced
-- hook_secrets: row-level security enabled and forced
-- idempotency_keys: row-level security enabled and forced
-- identities: row-level security enabled and forced
-- import_files: row-level security enabled and forced
-- import_sources: row-level security enabled and forced
-- import_steps: row-level security enabled and forced
-- imports: row-level security enabled and forced
-- installation: row-level security enabled and forced
-- invites: row-level security enabled and forced
-- latest: row-level security enabled and forced
-- migrations: row-level security OFF
-- oauth_states: row-level security enabled and forced
-- phone_cursors: row-level security enabled and forced
-- phone_records: row-level security enabled and forced
-- planned_sessions: row-level security enabled and forced
-- provider_apps: row-level security enabled and forced
-- providers: row-level security enabled and forced
-- quarantine: row-level security enabled and forced
-- raw_payloads: row-level security enabled and forced
-- record_ref: row-level security enabled and forced
-- refresh_tokens: row-level security enabled and forced
-- segment: row-level security enabled and forced
-- series: row-level security enabled and forced
-- session_parts: row-level security enabled and forced
-- session_streams: row-level security enabled and forced
-- sessions: row-level security enabled and forced
-- sign_in_attempts: row-level security enabled and forced
-- sign_ins: row-level security enabled and forced
-- source_day_values: row-level security enabled and forced
-- source_days: row-level security enabled and forced
-- source_writers: row-level security enabled and forced
-- sources: row-level security enabled and forced
-- suppressions: row-level security enabled and forced
-- sync_runs: row-level security enabled and forced
-- tracks: row-level security enabled and forced
-- uploads: row-level security enabled and forced
-- users: row-level security enabled and forced
-- view_logins: row-level security enabled and forced

-- grants
grant delete, insert, select, update on api_keys to trb_app;
grant delete, insert, select, update on archive_reads to trb_app;
grant delete, insert, select, update on archive_reads to trb_writer;
grant insert on audit_log to trb_app;
grant select on audit_log to trb_audit;
grant insert on audit_log to trb_writer;
grant delete, insert, select, update on batches to trb_app;
grant delete, insert, select, update on batches to trb_writer;
grant delete, insert, select, update on chunk to trb_app;
grant delete, insert, select, update on chunk to trb_writer;
grant delete, insert, select, update on connect_sessions to trb_app;
grant delete on connect_sessions to trb_writer;
grant delete, insert, select, update on connection_secrets to trb_app;
grant delete, insert, select, update on connections to trb_app;
grant select on connections to trb_reader;
grant select on connections to trb_reader_all;
grant delete, insert, select, update on csv_mappings to trb_app;
grant delete, insert, select, update on csv_mappings to trb_writer;
grant delete, insert, select, update on custom_apis to trb_app;
grant delete, insert, select, update on data_keys to trb_app;
grant delete, insert, select, update on day_marks to trb_app;
grant delete, insert, select, update on day_marks to trb_writer;
grant delete, insert, select, update on demos to trb_app;
grant delete, insert, select, update on demos to trb_writer;
grant delete, insert, select, update on device_health to trb_app;
grant select on device_health to trb_reader;
grant select on device_health to trb_reader_all;
grant delete, insert, select, update on device_tokens to trb_app;
grant delete, insert, select, update on devices to trb_app;
grant select on devices to trb_reader;
grant select on devices to trb_reader_all;
grant delete, insert, select, update on devices to trb_writer;
grant delete, insert, select, update on dirty to trb_app;
grant delete, insert, select, update on dirty to trb_writer;
grant delete, insert, select, update on events to trb_app;
grant delete, insert, select, update on events to trb_writer;
grant delete, insert, select, update on export_parts to trb_app;
grant delete, insert, select, update on export_parts to trb_writer;
grant delete, insert, select, update on exports to trb_app;
grant delete, insert, select, update on exports to trb_writer;
grant delete, insert, select, update on feeds to trb_app;
grant delete, insert, select, update on feeds to trb_writer;
grant delete, insert, select, update on file_parts to trb_app;
grant delete, insert, select, update on file_parts to trb_writer;
grant delete, insert, select, update on files to trb_app;
grant delete, insert, select, update on files to trb_writer;
grant delete, insert, select, update on flush_mark to trb_writer;
grant delete, insert, select, update on hook_notices to trb_app;
grant delete, insert, select, update on hook_notices to trb_writer;
grant delete, insert, select, update on hook_secrets to trb_writer;
grant delete, insert, select, update on idempotency_keys to trb_app;
grant delete, insert, select, update on idempotency_keys to trb_writer;
grant delete, insert, select, update on identities to trb_app;
grant delete, insert, select, update on import_files to trb_app;
grant delete, insert, select, update on import_files to trb_writer;
grant delete, insert, select, update on import_sources to trb_app;
grant delete, insert, select, update on import_sources to trb_writer;
grant delete, insert, select, update on import_steps to trb_app;
grant delete, insert, select, update on import_steps to trb_writer;
grant delete, insert, select, update on imports to trb_app;
grant delete, insert, select, update on imports to trb_writer;
grant delete, insert, select, update on installation to trb_writer;
grant delete, insert, select, update on invites to trb_app;
grant delete, insert, select, update on latest to trb_app;
grant delete, insert, select, update on latest to trb_writer;
grant delete, insert, select, update on oauth_states to trb_app;
grant delete on oauth_states to trb_writer;
grant delete, insert, select, update on phone_cursors to trb_app;
grant delete, insert, select, update on phone_records to trb_app;
grant delete, insert, select, update on planned_sessions to trb_app;
grant select on planned_sessions to trb_reader;
grant select on planned_sessions to trb_reader_all;
grant delete, insert, select, update on planned_sessions to trb_writer;
grant delete, insert, select, update on provider_apps to trb_writer;
grant select on providers to trb_app;
grant select on providers to trb_writer;
grant delete, insert, select, update on quarantine to trb_app;
grant delete, insert, select, update on quarantine to trb_writer;
grant delete, insert, select, update on raw_payloads to trb_app;
grant delete, insert, select, update on raw_payloads to trb_writer;
grant delete, insert, select, update on record_ref to trb_app;
grant delete, insert, select, update on record_ref to trb_writer;
grant delete, insert, select, update on refresh_tokens to trb_app;
grant delete, insert, select, update on segment to trb_app;
grant delete, insert, select, update on segment to trb_writer;
grant delete, insert, select, update on series to trb_app;
grant delete, insert, select, update on series to trb_writer;
grant delete, insert, select, update on session_parts to trb_app;
grant delete, insert, select, update on session_parts to trb_writer;
grant delete, insert, select, update on session_streams to trb_app;
grant delete, insert, select, update on session_streams to trb_writer;
grant delete, insert, select, update on sessions to trb_app;
grant select on sessions to trb_reader;
grant select on sessions to trb_reader_all;
grant delete, insert, select, update on sessions to trb_writer;
grant delete, insert, select, update on sign_in_attempts to trb_app;
grant delete, insert, select, update on sign_in_attempts to trb_writer;
grant delete, insert, select, update on sign_ins to trb_app;
grant delete, insert, select, update on source_day_values to trb_app;
grant select on source_day_values to trb_reader;
grant select on source_day_values to trb_reader_all;
grant delete, insert, select, update on source_days to trb_app;
grant delete, insert, select, update on source_days to trb_writer;
grant delete, insert, select, update on source_writers to trb_app;
grant delete, insert, select, update on sources to trb_app;
grant select on sources to trb_reader;
grant select on sources to trb_reader_all;
grant delete, insert, select, update on sources to trb_writer;
grant delete, insert, select, update on suppressions to trb_app;
grant delete, insert, select, update on suppressions to trb_writer;
grant delete, insert, select, update on sync_runs to trb_app;
grant select on sync_runs to trb_reader;
grant select on sync_runs to trb_reader_all;
grant delete, insert, select, update on sync_runs to trb_writer;
grant delete, insert, select, update on tracks to trb_app;
grant delete, insert, select, update on tracks to trb_writer;
grant delete, insert, select, update on uploads to trb_app;
grant delete, insert, select, update on uploads to trb_writer;
grant delete, insert, select, update on users to trb_app;

-- functions
CREATE OR REPLACE FUNCTION tributary.find_api_key(wanted bytea)
 RETURNS TABLE(user_id uuid, api_key_id uuid, scopes text[], role text, expires_at timestamp with time zone, ended_at timestamp with time zone, disabled_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'tributary', 'pg_temp'
AS $function$
  select k.user_id, k.api_key_id, k.scopes, u.role, k.expires_at, k.revoked_at, u.disabled_at
  from api_keys k
  join users u on u.user_id = k.user_id
  where k.key_hash = wanted
$function$
;
alter routine find_api_key(bytea) owner to trb_lookup;
CREATE OR REPLACE FUNCTION tributary.find_connect_session(wanted bytea)
 RETURNS TABLE(user_id uuid, connect_session_id uuid, role text, expires_at timestamp with time zone, disabled_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'tributary', 'pg_temp'
AS $function$
  select s.user_id, s.connect_session_id, u.role, s.expires_at, u.disabled_at
  from connect_sessions s
  join users u on u.user_id = s.user_id
  where s.token_hash = wanted
$function$
;
alter routine find_connect_session(bytea) owner to trb_lookup;
CREATE OR REPLACE FUNCTION tributary.find_cookie(wanted bytea)
 RETURNS TABLE(user_id uuid, sign_in_id uuid, kind text, role text, last_used_at timestamp with time zone, expires_at timestamp with time zone, ended_at timestamp with time zone, disabled_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'tributary', 'pg_temp'
AS $function$
  select s.user_id, s.sign_in_id, s.kind, u.role, s.last_used_at, s.expires_at, s.ended_at, u.disabled_at
  from sign_ins s
  join users u on u.user_id = s.user_id
  where s.cookie_hash = wanted
$function$
;
alter routine find_cookie(bytea) owner to trb_lookup;
CREATE OR REPLACE FUNCTION tributary.find_device_token(wanted bytea)
 RETURNS TABLE(user_id uuid, device_id uuid, role text, disabled_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'tributary', 'pg_temp'
AS $function$
  select t.user_id, t.device_id, u.role, u.disabled_at
  from device_tokens t
  join users u on u.user_id = t.user_id
  where t.token_hash = wanted
$function$
;
alter routine find_device_token(bytea) owner to trb_lookup;
CREATE OR REPLACE FUNCTION tributary.find_frame_origins(wanted uuid)
 RETURNS text[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'tributary', 'pg_temp'
AS $function$ select s.allowed_origins from connect_sessions s where s.connect_session_id = wanted and s.expires_at > now() $function$
;
alter routine find_frame_origins(uuid) owner to trb_lookup;
CREATE OR REPLACE FUNCTION tributary.find_invite(wanted bytea)
 RETURNS TABLE(user_id uuid, invite_id uuid, role text, expires_at timestamp with time zone, used_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'tributary', 'pg_temp'
AS $function$
  select i.user_id, i.invite_id, i.role, i.expires_at, i.used_at
  from invites i
  where i.code_hash = wanted
$function$
;
alter routine find_invite(bytea) owner to trb_lookup;
CREATE OR REPLACE FUNCTION tributary.find_oauth_state(wanted bytea)
 RETURNS uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'tributary', 'pg_temp'
AS $function$ select s.user_id from oauth_states s where s.state_hash = wanted $function$
;
alter routine find_oauth_state(bytea) owner to trb_lookup;
CREATE OR REPLACE FUNCTION tributary.find_person(wanted text)
 RETURNS TABLE(user_id uuid, role text, disabled_at timestamp with time zone, secret_hash text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'tributary', 'pg_temp'
AS $function$
  select u.user_id, u.role, u.disabled_at, i.secret_hash
  from users u
  left join identities i on i.user_id = u.user_id and i.kind = 'password'
  where u.email = wanted
$function$
;
alter routine find_person(text) owner to trb_lookup;
CREATE OR REPLACE FUNCTION tributary.find_refresh_token(wanted bytea)
 RETURNS TABLE(user_id uuid, sign_in_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'tributary', 'pg_temp'
AS $function$ select r.user_id, r.sign_in_id from refresh_tokens r where r.token_hash = wanted $function$
;
alter routine find_refresh_token(bytea) owner to trb_lookup;
CREATE OR REPLACE FUNCTION tributary.find_sign_in(wanted uuid)
 RETURNS TABLE(user_id uuid, sign_in_id uuid, kind text, role text, last_used_at timestamp with time zone, expires_at timestamp with time zone, ended_at timestamp with time zone, disabled_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'tributary', 'pg_temp'
AS $function$
  select s.user_id, s.sign_in_id, s.kind, u.role, s.last_used_at, s.expires_at, s.ended_at, u.disabled_at
  from sign_ins s
  join users u on u.user_id = s.user_id
  where s.sign_in_id = wanted
$function$
;
alter routine find_sign_in(uuid) owner to trb_lookup;
CREATE OR REPLACE FUNCTION tributary.find_time_zone(wanted uuid)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'tributary', 'pg_temp'
AS $function$ select u.time_zone from users u where u.user_id = wanted and coalesce(subject(), wanted) = wanted $function$
;
alter routine find_time_zone(uuid) owner to trb_lookup;
CREATE OR REPLACE FUNCTION tributary.has_owner()
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'tributary', 'pg_temp'
AS $function$ select exists (select from users where role = 'owner') $function$
;
alter routine has_owner() owner to trb_lookup;
CREATE OR REPLACE FUNCTION tributary.is_account_taken(which text, account text, besides uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'tributary', 'pg_temp'
AS $function$
  select exists (
    select from connections c
    where c.provider = which and c.provider_account = account and account <> '' and c.status <> 'ended' and c.user_id <> besides
  )
$function$
;
alter routine is_account_taken(text,text,uuid) owner to trb_lookup;
CREATE OR REPLACE FUNCTION tributary.list_people()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'tributary', 'pg_temp'
AS $function$ select user_id from users order by created_at, user_id $function$
;
alter routine list_people() owner to trb_lookup;
CREATE OR REPLACE PROCEDURE tributary.mark_days_of(IN name text, IN marks text)
 LANGUAGE plpgsql
AS $procedure$
begin
  execute format($body$
    create function mark_days_of_%1$s() returns trigger language plpgsql as $code$
    begin
      insert into tributary.day_marks (user_id, source_id, metric, from_on, to_on)
      select user_id, source_id, metric, min(from_on), max(to_on)
      from (select %2$s from changed) as mark (user_id, source_id, metric, from_on, to_on)
      group by user_id, source_id, metric;
      return null;
    end $code$;
    create function mark_days_of_updated_%1$s() returns trigger language plpgsql as $code$
    begin
      insert into tributary.day_marks (user_id, source_id, metric, from_on, to_on)
      select user_id, source_id, metric, min(from_on), max(to_on)
      from (select %2$s from before union all select %2$s from changed) as mark (user_id, source_id, metric, from_on, to_on)
      group by user_id, source_id, metric;
      return null;
    end $code$;
    create trigger mark_days_inserted after insert on %1$s
      referencing new table as changed for each statement execute function mark_days_of_%1$s();
    create trigger mark_days_deleted after delete on %1$s
      referencing old table as changed for each statement execute function mark_days_of_%1$s();
    create trigger mark_days_updated after update on %1$s
      referencing old table as before new table as changed for each statement execute function mark_days_of_updated_%1$s();
  $body$, name, marks);
end
$procedure$
;
alter routine mark_days_of(text,text) owner to trb_owner;
CREATE OR REPLACE FUNCTION tributary.mark_days_of_events()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
    begin
      insert into tributary.day_marks (user_id, source_id, metric, from_on, to_on)
      select user_id, source_id, metric, min(from_on), max(to_on)
      from (select user_id, source_id, metric, (start_at at time zone 'UTC')::date - 1, (start_at at time zone 'UTC')::date + 1 from changed) as mark (user_id, source_id, metric, from_on, to_on)
      group by user_id, source_id, metric;
      return null;
    end $function$
;
alter routine mark_days_of_events() owner to trb_owner;
CREATE OR REPLACE FUNCTION tributary.mark_days_of_sessions()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
    begin
      insert into tributary.day_marks (user_id, source_id, metric, from_on, to_on)
      select user_id, source_id, metric, min(from_on), max(to_on)
      from (select user_id, source_id, type, (end_at at time zone 'UTC')::date - 1, (end_at at time zone 'UTC')::date + 1 from changed) as mark (user_id, source_id, metric, from_on, to_on)
      group by user_id, source_id, metric;
      return null;
    end $function$
;
alter routine mark_days_of_sessions() owner to trb_owner;
CREATE OR REPLACE FUNCTION tributary.mark_days_of_source_days()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
    begin
      insert into tributary.day_marks (user_id, source_id, metric, from_on, to_on)
      select user_id, source_id, metric, min(from_on), max(to_on)
      from (select user_id, source_id, metric, day_on, day_on from changed) as mark (user_id, source_id, metric, from_on, to_on)
      group by user_id, source_id, metric;
      return null;
    end $function$
;
alter routine mark_days_of_source_days() owner to trb_owner;
CREATE OR REPLACE FUNCTION tributary.mark_days_of_updated_events()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
    begin
      insert into tributary.day_marks (user_id, source_id, metric, from_on, to_on)
      select user_id, source_id, metric, min(from_on), max(to_on)
      from (select user_id, source_id, metric, (start_at at time zone 'UTC')::date - 1, (start_at at time zone 'UTC')::date + 1 from before union all select user_id, source_id, metric, (start_at at time zone 'UTC')::date - 1, (start_at at time zone 'UTC')::date + 1 from changed) as mark (user_id, source_id, metric, from_on, to_on)
      group by user_id, source_id, metric;
      return null;
    end $function$
;
alter routine mark_days_of_updated_events() owner to trb_owner;
CREATE OR REPLACE FUNCTION tributary.mark_days_of_updated_sessions()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
    begin
      insert into tributary.day_marks (user_id, source_id, metric, from_on, to_on)
      select user_id, source_id, metric, min(from_on), max(to_on)
      from (select user_id, source_id, type, (end_at at time zone 'UTC')::date - 1, (end_at at time zone 'UTC')::date + 1 from before union all select user_id, source_id, type, (end_at at time zone 'UTC')::date - 1, (end_at at time zone 'UTC')::date + 1 from changed) as mark (user_id, source_id, metric, from_on, to_on)
      group by user_id, source_id, metric;
      return null;
    end $function$
;
alter routine mark_days_of_updated_sessions() owner to trb_owner;
CREATE OR REPLACE FUNCTION tributary.mark_days_of_updated_source_days()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
    begin
      insert into tributary.day_marks (user_id, source_id, metric, from_on, to_on)
      select user_id, source_id, metric, min(from_on), max(to_on)
      from (select user_id, source_id, metric, day_on, day_on from before union all select user_id, source_id, metric, day_on, day_on from changed) as mark (user_id, source_id, metric, from_on, to_on)
      group by user_id, source_id, metric;
      return null;
    end $function$
;
alter routine mark_days_of_updated_source_days() owner to trb_owner;
CREATE OR REPLACE FUNCTION tributary.mark_days_of_zone()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into tributary.day_marks (user_id) values (new.user_id);
  return null;
end $function$
;
alter routine mark_days_of_zone() owner to trb_owner;
CREATE OR REPLACE FUNCTION tributary.next_short_id(who uuid, what text)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select what || case when max(n) is null then '' else '_' || max(n) + 1 end
  from (
    select case when short_id = what then 1 else substr(short_id, length(what) + 2)::int end as n
    from connections
    where user_id = who and (short_id = what or short_id ~ ('^' || what || '_[0-9]+$'))
  ) as taken
$function$
;
alter routine next_short_id(uuid,text) owner to trb_owner;
CREATE OR REPLACE PROCEDURE tributary.protect(IN name text, IN writer boolean DEFAULT false, IN app text DEFAULT 'all'::text)
 LANGUAGE plpgsql
AS $procedure$
begin
  execute format('alter table %I enable row level security', name);
  execute format('alter table %I force row level security', name);
  execute format('create policy owner on %I to trb_owner using (true) with check (true)', name);
  if app = 'all' then
    execute format('grant select, insert, update, delete on %I to trb_app', name);
    execute format('create policy app on %I to trb_app using (user_id = (select subject())) with check (user_id = (select subject()))', name);
  end if;
  if writer then
    execute format('grant select, insert, update, delete on %I to trb_writer', name);
    execute format('create policy writer on %I to trb_writer using (true) with check (true)', name);
  end if;
end
$procedure$
;
alter routine protect(text,boolean,text) owner to trb_owner;
CREATE OR REPLACE FUNCTION tributary.row_id(VARIADIC parts text[])
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE
AS $function$ select md5(array_to_string(parts, '/'))::uuid $function$
;
alter routine row_id(text[]) owner to trb_owner;
CREATE OR REPLACE FUNCTION tributary.subject()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select case
    when current_setting('app.subject', true) = current_setting('app.actor', true)
    then nullif(current_setting('app.subject', true), '')::uuid
  end
$function$
;
alter routine subject() owner to trb_owner;
CREATE OR REPLACE FUNCTION tributary.view_subject()
 RETURNS uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'tributary', 'pg_temp'
AS $function$ select l.reads from view_logins l where l.login = session_user $function$
;
alter routine view_subject() owner to trb_lookup;
CREATE OR REPLACE FUNCTION tributary.views_everybody()
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'tributary', 'pg_temp'
AS $function$ select exists (select from view_logins l where l.login = session_user and l.reads is null) $function$
;
alter routine views_everybody() owner to trb_lookup;

-- triggers
CREATE TRIGGER mark_days_deleted AFTER DELETE ON tributary.events REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_events();
CREATE TRIGGER mark_days_inserted AFTER INSERT ON tributary.events REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_events();
CREATE TRIGGER mark_days_updated AFTER UPDATE ON tributary.events REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_updated_events();
CREATE TRIGGER mark_days_deleted AFTER DELETE ON tributary.sessions REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_sessions();
CREATE TRIGGER mark_days_inserted AFTER INSERT ON tributary.sessions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_sessions();
CREATE TRIGGER mark_days_updated AFTER UPDATE ON tributary.sessions REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_updated_sessions();
CREATE TRIGGER mark_days_deleted AFTER DELETE ON tributary.source_days REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_source_days();
CREATE TRIGGER mark_days_inserted AFTER INSERT ON tributary.source_days REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_source_days();
CREATE TRIGGER mark_days_updated AFTER UPDATE ON tributary.source_days REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_days_of_updated_source_days();
CREATE TRIGGER mark_days_zone AFTER UPDATE OF time_zone ON tributary.users FOR EACH ROW WHEN ((old.time_zone IS DISTINCT FROM new.time_zone)) EXECUTE FUNCTION mark_days_of_zone();

-- comments
comment on table archive_reads is 'The newest full export of each family that was read to its end: only a newer one may say that something is gone.';
comment on column audit_log.actor is 'person:<id>, key:<id>, device:<id>, cli or system.';
comment on column audit_log.fields is 'Names of what was changed, never values.';
comment on table batches is 'One row an upload, written in the transaction of its points.';
comment on column batches.batch_id is 'UUIDv7, so the key lists a device''s uploads by time.';
comment on column batches.metric is 'The metric or compound of its values, by the catalogue''s name.';
comment on column batches.flags is 'Bits: 1 validated, 2 processed.';
comment on table chunk is 'All points of one series on one UTC day. The header is the day''s roll-up and must equal a recount of data.';
comment on table connect_sessions is 'What lets another app''s user connect providers here for a quarter of an hour, and where our page may be framed.';
comment on column connections.provider_account is 'The provider''s id of the account; empty until it is known. Signing in again to the same account joins this row.';
comment on column connections.provider_profile is 'What the provider told of the account, for its person; never a token.';
comment on column connections.error_code is 'Why it needs a new sign-in, or what its last sync failed of; null after a call that succeeded.';
comment on column connections.last_success_at is 'Of the last call that the provider answered well: what people are shown comes from here, not from intentions.';
comment on column connections.token_version is 'Grows with every answer of the token endpoint that was stored: who read an older one reads again.';
comment on column connections.refresh_until is 'Who asks for new tokens holds the lease until then; a process that died loses it.';
comment on column connections.renew_idle_at is 'From then on its tokens are renewed though nobody asks for anything: a third of the time that they live unused is left.';
comment on column connections.refused_at is 'When its provider first refused to renew it, of a provider whose refusal must last to be believed. Null once it was renewed.';
comment on column csv_mappings.header_hash is 'SHA-256 of the names of the columns: a table with the same header is read the same way.';
comment on table custom_apis is 'What people say of their devices'' own APIs. The credentials lie sealed under the connection.';
comment on column custom_apis.custom_api_id is 'The connection''s provider_account.';
comment on column data_keys.wrapped is 'The person''s own key, sealed by the installation''s: erasing this row shreds all that it seals.';
comment on table day_marks is 'Local dates whose figures are to be worked out again. Rows are only ever added and taken, so that marking waits for nobody and no mark can be lost to one that was there already. No foreign key: a mark may outlive its source and its person, and is then taken away unread.';
comment on column day_marks.source_id is 'Null: all of them. Likewise the metric, which may also be a compound or a type of session, and the dates, both of which are in.';
comment on column demos.until_at is 'The year ends here. With the zone it decides every value, so a load that broke off goes on with the same person.';
comment on column demos.steps_done is 'Batches that are stored with their sessions. One that was stored in part is stored again: it is found as known.';
comment on column demos.series_ids is 'While it is removed: the series whose stored points still have to go. Nothing else names them any more.';
comment on column devices.cadence_seconds is 'Moving average of the gap between deliveries; says how long silence is normal.';
comment on column devices.platform_key is 'The provider''s name of it inside its connection, when it was imported from there: external_key of its readings.';
comment on column devices.told_only is 'It is there because a connection told of it, and nothing was ever uploaded to it: with the last connection that tells of it all it has may go. Cleared before the first upload is stored, and never set again.';
comment on table dirty is 'Days with segments, late ones among them: the compactor''s list of work. A row stands here if and only if the day has segments.';
comment on column dirty.resolved_seq is 'Segments of the day up to this number of their series are in the figures of local days. Those that were flushed since are not, and nobody had to say so.';
comment on table events is 'Happenings with a value of their own shape (kind E): a blood pressure, a dose, a symptom.';
comment on table export_parts is 'The file of an export, at most 1 MiB a part. Begun again, an export drops what its last attempt wrote.';
comment on column exports.metrics is 'Null: all there are.';
comment on column exports.attempts is 'How often it was begun; one that brings down every worker is given up.';
comment on table feeds is 'How far each list of a connection has been read. read_until moves in the transaction of the last data it covers.';
comment on column feeds.history_from is 'How far back it has been read; null until it was asked at all.';
comment on table file_parts is 'Written while a file arrives, before it is known to be whole or new: parts whose file never got its row are swept after a day.';
comment on column file_parts.data is 'At most 1 MiB each; uncompressed, because activity files hardly shrink and are read once.';
comment on table files is 'Original files, kept byte for byte in the database: one truth, one backup, the same for every process.';
comment on table flush_mark is 'The number of the last committed flush of each process and lane: when the answer to a commit is lost, this tells whether it happened. Transaction ids cannot, they are given again after a crash.';
comment on table hook_notices is 'What providers told us, once for each connection it concerns: kept before it is answered, until it is dealt with and long enough to know it again. Records in it are sealed.';
comment on table hook_secrets is 'The last part of each provider''s webhook path, random for each; kept: what undoes the subscription of the app. Sealed by the installation''s key.';
comment on column hook_secrets.secret is 'In the clear, as it was before: the next start seals it and leaves nothing here, nor in kept. SQL cannot: the key is not in the database.';
comment on table idempotency_keys is 'Written in the transaction of the effect itself: after a crash either both stand or neither. Kept 24 hours.';
comment on column idempotency_keys.user_id is 'The caller; the nil uuid for somebody who is not signed in.';
comment on column idempotency_keys.answer is 'Byte for byte as it was sent. Null when it held a secret.';
comment on column identities.secret_hash is 'argon2id in PHC string form.';
comment on column import_files.name is 'As the person''s machine called it. Never a path here.';
comment on column import_files.sessions is 'New and changed ones; session_ids also names those that were known.';
comment on column import_files.parent is 'Position of the archive it was taken from; its place there is entry.';
comment on column import_files.header_hash is 'Of a table that waits for its columns to be named: csv_mappings.header_hash of the one it waits for.';
comment on table import_sources is 'Which sources a file fed, and over which times: what is taken back with it.';
comment on table import_steps is 'A file''s samples are written in numbered steps. The step''s row stands in the transaction of its samples, so whoever reads the file again after a crash skips what was written and still counts it.';
comment on column imports.leased_until is 'A worker holds the import until then; after a crash another takes it over.';
comment on column imports.leased_by is 'Made anew for each claim: a worker that slept through its lease finds another name here and gives up.';
comment on column imports.deaths is 'How often a worker died over the file it was reading; a file that kills them all is given up.';
comment on column imports.files_ended is 'How many files have each last status: whoever looks at the progress of thousands counts none of them.';
comment on column imports.bytes_done is 'Of files that have ended; what is read of the others stands in their rows.';
comment on column imports.resumed_at is 'When its worker took it. The time left is reckoned from there, not over a pause.';
comment on table installation is 'Facts about this installation; none is about a person.';
comment on column invites.user_id is 'Who invited.';
comment on table latest is 'The newest point of a series. The row is also the series'' lock: whoever writes the series updates it first.';
comment on column latest.last_seq is 'Number of the last flush. It only grows, also when all points are deleted.';
comment on column latest.ts is 'Null when every point was deleted.';
comment on column latest.before_ts is 'ts as it was before the last flush: the upsert returns it, and a flush of later points needs no look for overlaps.';
comment on column latest.open_day is 'The day of the last flush.';
comment on column latest.open_segments is 'Flushes to open_day since it was compacted; while there are any, the day is marked dirty.';
comment on column latest.open_span_ms is 'No segment of open_day is longer: how far before a time the search for overlaps must begin.';
comment on table oauth_states is 'People who are away at a provider''s sign-in page. Each state is good once and for ten minutes; ended ones are kept a day, so that a page can say what happened.';
comment on column oauth_states.browser_hash is 'Of the cookie of the browser that asked: who comes back without it must say yes once more.';
comment on column oauth_states.sealed_verifier is 'OAuth 2: of PKCE. OAuth 1: the temporary token and its secret.';
comment on column oauth_states.sealed_answer is 'What the provider answered, sealed, while the person has not said yes yet.';
comment on table phone_cursors is 'The anchor or change token that a phone sent with the records before it, kept with them.';
comment on table phone_records is 'Records of phones that became the value of a day, a stage of sleep or a session: their newest version, and of the first two where they stand.';
comment on column phone_records.type is 'The metric of a day, or `sleep` of a stage; null of a session, which is found by its own id.';
comment on column phone_records.at is 'Midnight in UTC of the day, or the start of the stage.';
comment on column planned_sessions.scheduled_on is 'A date on the person''s own calendar, never shifted by a zone.';
comment on column planned_sessions.matched_by is 'Who said that the session fulfils it; `nobody` when a person took the match away, which then stays so.';
comment on column planned_sessions.source_id is 'Who told it; null of one that its person planned.';
comment on column planned_sessions.edits is 'What its source says where the person changed it: `{title, scheduled_on, start_time}`. The columns hold what is shown.';
comment on column planned_sessions.told_at is 'When its source last said something new of it: a list that was asked for before then does not know of it.';
comment on table provider_apps is 'The operator''s own apps. Secrets are sealed by the installation''s key; what the environment sets is not here.';
comment on table providers is 'The registry of packages/providers, written at start: a new provider changes no schema.';
comment on table quarantine is 'Records that could not be used, whole enough to be tried again. A record is the file''s own text; a reading is one value as JSON.';
comment on table raw_payloads is 'Records as the provider answered them, compressed and sealed with the person''s key, for RAW_PAYLOAD_DAYS.';
comment on table record_ref is 'Where a record went that its source updates or deletes by id. Only phone stores do.';
comment on column refresh_tokens.used_at is 'A token used twice was stolen, or its answer was lost: either way the whole sign-in ends.';
comment on table segment is 'Points as they were flushed, until the compactor folds them into the chunk of their day.';
comment on column segment.t0 is 'The first point. A segment never spans a UTC day, so what overlaps a time range is a bounded range of this key.';
comment on column segment.seq is 'The series'' own number of the flush (latest.last_seq): of two points with one time the higher wins.';
comment on column segment.t1 is 'The last point.';
comment on table series is 'One person''s values of one metric from one source. Everything below hangs from it by number, not by foreign key, so that a flush checks none.';
comment on table session_streams is 'Columns that belong to one session only, such as its running distance: as a series they would be counted into the day.';
comment on table sessions is 'Each row is one record: what one source tells of a session. Those that tell of the same one name the record it is shown by.';
comment on column sessions.format is 'Of the file or archive the record came in; null of one that came otherwise. A source never tells of one session twice in one format.';
comment on column sessions.superseded_by is 'The record shown for the same session; null when it is this one. Worked out from the records alone (platform/sessions), never chained.';
comment on column sessions.deleted_at is 'Null while live. A deleted record keeps its names and times, so that it can be told to others, and nothing that was measured.';
comment on column sessions.edits is 'What the source had said where a person changed it: `{title, activity, totals: {distance}}`; null for what it had not said. The columns hold what is shown.';
comment on column sessions.content_hash is 'Of all that its source said of it: a newer export that says the same changes nothing.';
comment on table sign_in_attempts is 'Guesses counted by account, by address and by known browser. Kept here, so that neither a restart nor a second process forgets them.';
comment on column sign_in_attempts.user_id is 'Nobody: a row is written before anyone is signed in, and no signed-in person sees one.';
comment on column sign_in_attempts.bucket is 'A keyed hash of what is counted, so that the table names no address and no account.';
comment on table sign_ins is 'One row a place where somebody is signed in: the family of its refresh tokens, or its browser cookie.';
comment on table source_day_values is 'One source''s figure for one metric on one local date. Which source is shown is decided when it is read, so a source that goes leaves nothing to put right.';
comment on column source_day_values.day_on is 'The person''s local date, by the zone they were in.';
comment on column source_day_values.basis is 'stated: the source said it for the date. Otherwise what it was worked out from.';
comment on column source_day_values.value is 'The figure that the catalogue puts first.';
comment on column source_day_values.coverage is 'Share of the day''s real seconds with something, 0 to 1.';
comment on column source_day_values.start_at is 'When the local day began for this source; null where only a date is known.';
comment on column source_day_values.v_first is 'Of values that began on this date; v_last likewise. Null of amounts over a period, and until the date is worked out again.';
comment on table source_days is 'What a source states for a local date (kind D). The date is never shifted by a zone.';
comment on column source_days.unit is 'The unit it was sent in, where that is not the catalogue''s; the value is always the catalogue''s.';
comment on table source_writers is 'Connections that told of a device, beside the one that its source is named after.';
comment on table sources is 'What a series came from. It outlives its device, so that data which is kept keeps its name.';
comment on column sources.archive is 'Of an app or thing inside an archive: the family of archives, the same for every export of it.';
comment on column sources.external_key is 'What tells the app or thing apart inside its family.';
comment on column sources.is_demo is 'Made by the demo: everything that hangs from it goes with it.';
comment on column sources.connection_id is 'Of an app or thing inside a connection. Null once it was disconnected with its data kept.';
comment on table suppressions is 'What a person deleted and does not want back; null means any. Ingest and imports skip what it covers and count it.';
comment on column suppressions.changed_at is 'Processes learn of new and lifted rows by it, each second.';
comment on column suppressions.lifted_at is 'A lifted row stays for an hour, so that every process learns of it.';
comment on column suppressions.delete_again_at is 'What another process let in before it knew is deleted once more, then.';
comment on column sync_runs.feeds is 'What became of each list: feed, window, fetched, inserted, updated, skipped, failed, error.';
comment on column sync_runs.lease_until is 'A worker that died is known by it, and its run is closed as failed.';
comment on table tracks is 'Ways. Of a session: one row. Of a device that sends positions: one row an hour of UTC, start_at being the hour.';
comment on column tracks.data is 'Columns time, lat, lon, ele, each with the sample codec.';
comment on table uploads is 'Resumable uploads. Their parts stand in file_parts under the upload''s id, all but the last of exactly 1 MiB; received moves with them.';
comment on table view_logins is 'Logins for the views, made by `tributary views`. A role belongs to the whole cluster; it reads nothing in a database that does not name it here.';
comment on column view_logins.reads is 'Whose rows; null: everybody''s.';
