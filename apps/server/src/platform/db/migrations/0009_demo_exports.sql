-- 0009_demo_exports.sql
-- Why:   demo data must be told from a person's own in one look and be removable in one go; exports are written in the background.
-- Locks: two columns with a constant default, instant; new tables.

alter table devices add column is_demo boolean not null default false;
alter table sources add column is_demo boolean not null default false;
comment on column sources.is_demo is 'Made by the demo: everything that hangs from it goes with it.';

create table demos (
  user_id uuid primary key references users on delete cascade,
  status text not null default 'loading' check (status in ('loading', 'ready', 'removing')),
  until_at timestamptz not null,
  time_zone text not null,
  steps_done integer not null default 0,
  samples bigint not null default 0,
  sessions integer not null default 0,
  series_ids bigint[] not null default '{}',
  created_at timestamptz not null default now(),
  leased_until timestamptz,
  leased_by uuid
);
create index demos_due on demos (created_at) where status <> 'ready';
comment on column demos.until_at is 'The year ends here. With the zone it decides every value, so a load that broke off goes on with the same person.';
comment on column demos.steps_done is 'Batches that are stored with their sessions. One that was stored in part is stored again: it is found as known.';
comment on column demos.series_ids is 'While it is removed: the series whose stored points still have to go. Nothing else names them any more.';
call protect('demos', writer => true);

create table exports (
  user_id uuid not null references users on delete cascade,
  export_id uuid not null,
  format text not null check (format in ('json', 'csv', 'ndjson', 'parquet', 'tributary')),
  from_at timestamptz,
  to_at timestamptz,
  metrics text[],
  status text not null default 'queued' check (status in ('queued', 'writing', 'done', 'failed')),
  progress double precision not null default 0,
  bytes bigint not null default 0,
  samples bigint not null default 0,
  sessions integer not null default 0,
  file_name text not null,
  content_hash bytea,
  reason text,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  expires_at timestamptz,
  attempts integer not null default 0,
  leased_until timestamptz,
  leased_by uuid,
  primary key (user_id, export_id)
);
create index exports_due on exports (created_at) where status in ('queued', 'writing');
create index exports_expired on exports (expires_at) where expires_at is not null;
comment on column exports.metrics is 'Null: all there are.';
comment on column exports.attempts is 'How often it was begun; one that brings down every worker is given up.';
call protect('exports', writer => true);

create table export_parts (
  user_id uuid not null,
  export_id uuid not null,
  part integer not null,
  data bytea not null,
  primary key (user_id, export_id, part),
  foreign key (user_id, export_id) references exports on delete cascade
);
alter table export_parts alter column data set storage external;
comment on table export_parts is 'The file of an export, at most 1 MiB a part. Begun again, an export drops what its last attempt wrote.';
call protect('export_parts', writer => true);
