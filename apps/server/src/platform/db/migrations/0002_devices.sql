-- 0002_devices.sql
-- Why:   things that measure, the sources that samples hang from, and the runs that fetch them.
-- Locks: new tables only.

create table providers (
  provider text primary key,
  name text not null
);
comment on table providers is 'The registry of packages/providers, written at start: a new provider changes no schema.';
alter table providers enable row level security;
alter table providers force row level security;
create policy owner on providers to trb_owner using (true) with check (true);
create policy everyone on providers for select to trb_app, trb_writer using (true);
grant select on providers to trb_app, trb_writer;

create table data_keys (
  user_id uuid not null references users on delete cascade,
  data_key_id uuid not null,
  wrapped text not null,
  created_at timestamptz not null default now(),
  primary key (user_id, data_key_id)
);
comment on column data_keys.wrapped is 'The person''s own key, sealed by the installation''s: erasing this row shreds all that it seals.';
call protect('data_keys');

create table connections (
  user_id uuid not null references users on delete cascade,
  connection_id uuid not null,
  provider text not null references providers,
  provider_account text not null default '',
  status text not null default 'pending' check (status in ('pending', 'active', 'paused', 'needs_reauth', 'ended')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (user_id, connection_id),
  unique (user_id, provider, provider_account)
);
call protect('connections');

create table connection_secrets (
  user_id uuid not null,
  connection_id uuid not null,
  name text not null,
  sealed text not null,
  updated_at timestamptz not null default now(),
  primary key (user_id, connection_id, name),
  foreign key (user_id, connection_id) references connections on delete cascade
);
call protect('connection_secrets');

create table devices (
  user_id uuid not null references users on delete cascade,
  device_id uuid not null,
  connection_id uuid,
  device_type text not null,
  device_name text not null,
  manufacturer text,
  model text,
  serial_number text,
  firmware_version text,
  capabilities text[] not null default '{}',
  integration_type text not null check (integration_type in ('api', 'bluetooth', 'wifi', 'mqtt', 'file', 'manual')),
  auto_sync boolean not null default true,
  sync_interval_minutes integer not null check (sync_interval_minutes between 15 and 1440),
  sync_historical_days integer not null default 30 check (sync_historical_days between 0 and 3650),
  status text not null default 'registered' check (status in ('registered', 'active', 'inactive', 'error')),
  sync_status text not null default 'pending' check (sync_status in ('pending', 'running', 'completed', 'partial', 'failed', 'cancelled')),
  last_seen_at timestamptz,
  last_sync_at timestamptz,
  cadence_seconds double precision,
  battery_level smallint check (battery_level between 0 and 100),
  signal_strength text,
  temperature double precision,
  errors jsonb not null default '[]',
  warnings jsonb not null default '[]',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (user_id, device_id),
  foreign key (user_id, connection_id) references connections on delete set null (connection_id)
);
create unique index devices_serial on devices (user_id, lower(coalesce(manufacturer, '')), serial_number) where serial_number is not null;
comment on index devices_serial is 'Per person: a global rule would let one person block another and tell that a serial exists.';
comment on column devices.cadence_seconds is 'Moving average of the gap between deliveries; says how long silence is normal.';
call protect('devices', writer => true);

create table device_tokens (
  user_id uuid not null,
  device_id uuid not null,
  token_hash bytea not null,
  created_at timestamptz not null default now(),
  primary key (user_id, device_id),
  foreign key (user_id, device_id) references devices on delete cascade
);
create unique index device_tokens_hash on device_tokens (token_hash);
call protect('device_tokens');

create table device_health (
  user_id uuid not null,
  device_id uuid not null,
  at timestamptz not null,
  report_id uuid not null,
  battery_level smallint,
  signal_strength text,
  temperature double precision,
  firmware_version text,
  errors text[] not null default '{}',
  warnings text[] not null default '{}',
  created_at timestamptz not null default now(),
  primary key (user_id, device_id, report_id),
  foreign key (user_id, device_id) references devices on delete cascade
);
call protect('device_health');

create table sources (
  user_id uuid not null references users on delete cascade,
  source_id uuid not null,
  kind text not null check (kind in ('device', 'file', 'manual')),
  device_id uuid,
  name text not null,
  created_at timestamptz not null default now(),
  primary key (user_id, source_id),
  foreign key (user_id, device_id) references devices on delete set null (device_id)
);
create unique index sources_device on sources (user_id, device_id) where device_id is not null;
create unique index sources_kind on sources (user_id, kind) where kind <> 'device';
comment on table sources is 'What a series came from. It outlives its device, so that data which is kept keeps its name.';
call protect('sources', writer => true);

create table sync_runs (
  user_id uuid not null references users on delete cascade,
  sync_id uuid not null,
  device_id uuid,
  provider text,
  trigger text not null check (trigger in ('manual', 'automatic', 'bulk', 'webhook', 'backfill', 'push', 'import', 'retry')),
  status text not null check (status in ('pending', 'running', 'completed', 'partial', 'failed', 'cancelled')),
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  window_from timestamptz,
  window_to timestamptz,
  records_fetched integer not null default 0,
  records_inserted integer not null default 0,
  records_updated integer not null default 0,
  records_skipped integer not null default 0,
  records_failed integer not null default 0,
  error_code text,
  error_message text,
  error_details jsonb,
  primary key (user_id, sync_id),
  foreign key (user_id, device_id) references devices on delete cascade
);
create index sync_runs_newest on sync_runs (user_id, started_at desc);
create index sync_runs_device on sync_runs (user_id, device_id, started_at desc);
create unique index sync_runs_under_way on sync_runs (user_id, device_id) where status in ('pending', 'running');
comment on index sync_runs_under_way is 'A device syncs once at a time: two who ask at the same moment get the same run.';
create index sync_runs_pending on sync_runs (started_at) where status = 'pending';
call protect('sync_runs', writer => true);
