-- 0006_archives.sql
-- Why:   archives of years: resumable uploads, many sources in one file, files inside files, progress that costs the same for one
--        file and for thousands, records that wait for a second try, tables whose columns a person names, and newer exports.
-- Locks: sources, imports, import_files and import_steps for a moment each; the sums of old imports are worked out once.

alter table sources
  add column archive text,
  add column external_key text,
  drop constraint sources_kind_check,
  add constraint sources_kind_check check (kind in ('device', 'file', 'manual', 'app')),
  add constraint sources_app_check check ((kind = 'app') = (archive is not null and external_key is not null));
drop index sources_kind;
create unique index sources_kind on sources (user_id, kind) where kind in ('file', 'manual');
create unique index sources_app on sources (user_id, archive, external_key) where kind = 'app';
comment on column sources.archive is 'Of an app or thing inside an archive: the family of archives, the same for every export of it.';
comment on column sources.external_key is 'What tells the app or thing apart inside its family.';

alter table imports
  add column files_total integer not null default 0,
  add column files_ended jsonb not null default '{}',
  add column bytes_done bigint not null default 0,
  add column records bigint not null default 0,
  add column samples bigint not null default 0,
  add column sessions bigint not null default 0,
  add column duplicates bigint not null default 0,
  add column rejected bigint not null default 0,
  add column deleted bigint not null default 0,
  add column resumed_at timestamptz,
  add column resumed_bytes bigint not null default 0;
comment on column imports.files_ended is 'How many files have each last status: whoever looks at the progress of thousands counts none of them.';
comment on column imports.bytes_done is 'Of files that have ended; what is read of the others stands in their rows.';
comment on column imports.resumed_at is 'When its worker took it. The time left is reckoned from there, not over a pause.';

alter table import_files
  add column parent integer,
  add column entry integer,
  add column depth smallint not null default 0,
  add column deleted bigint not null default 0,
  add column header_hash bytea,
  drop constraint import_files_status_check,
  add constraint import_files_status_check
    check (status in ('queued', 'reading', 'done', 'partial', 'failed', 'cancelled', 'duplicate', 'waiting'));
create unique index import_files_entry on import_files (user_id, import_id, parent, entry) where parent is not null;
create index import_files_told on import_files (user_id, import_id, (status in ('failed', 'waiting', 'partial')) desc, position);
create index import_files_open on import_files (user_id, import_id, position) where status in ('queued', 'reading');
create index import_files_waiting on import_files (user_id, header_hash) where status = 'waiting';
create index import_files_file on import_files (user_id, file_id);
comment on column import_files.header_hash is 'Of a table that waits for its columns to be named: csv_mappings.header_hash of the one it waits for.';
comment on column import_files.parent is 'Position of the archive it was taken from; its place there is entry.';

update imports i
set files_total = f.files, bytes_done = f.bytes, records = f.records, samples = f.samples, sessions = f.sessions,
  duplicates = f.duplicates, rejected = f.rejected, files_ended = f.ended
from (
  select user_id, import_id, sum(n)::int as files, sum(bytes) as bytes, sum(records) as records, sum(samples) as samples,
    sum(sessions) as sessions, sum(duplicates) as duplicates, sum(rejected) as rejected,
    coalesce(jsonb_object_agg(status, n) filter (where status not in ('queued', 'reading')), '{}') as ended
  from (
    select user_id, import_id, status, count(*) as n, sum(records) as records, sum(samples) as samples, sum(sessions) as sessions,
      sum(duplicates) as duplicates, sum(rejected) as rejected,
      coalesce(sum(bytes) filter (where status not in ('queued', 'reading')), 0) as bytes
    from import_files
    group by user_id, import_id, status
  ) as by_status
  group by user_id, import_id
) as f
where f.user_id = i.user_id and f.import_id = i.import_id;

alter table import_steps
  add column suppressed bigint not null default 0,
  add column sessions integer not null default 0,
  add column session_ids uuid[] not null default '{}';

create table import_sources (
  user_id uuid not null,
  import_id uuid not null,
  position integer not null,
  source_id uuid not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  primary key (user_id, import_id, position, source_id),
  foreign key (user_id, import_id, position) references import_files on delete cascade,
  foreign key (user_id, source_id) references sources on delete cascade
);
create index import_sources_source on import_sources (user_id, source_id);
comment on table import_sources is 'Which sources a file fed, and over which times: what is taken back with it.';
call protect('import_sources', writer => true);

create table archive_reads (
  user_id uuid not null references users on delete cascade,
  archive text not null,
  as_of timestamptz not null,
  import_id uuid not null,
  primary key (user_id, archive)
);
comment on table archive_reads is 'The newest full export of each family that was read to its end: only a newer one may say that something is gone.';
call protect('archive_reads', writer => true);

create table uploads (
  user_id uuid not null references users on delete cascade,
  upload_id uuid not null,
  name text not null,
  bytes bigint not null,
  received bigint not null default 0,
  import_id uuid,
  created_at timestamptz not null default now(),
  primary key (user_id, upload_id)
);
comment on table uploads is 'Resumable uploads. Their parts stand in file_parts under the upload''s id, all but the last of exactly 1 MiB; received moves with them.';
call protect('uploads', writer => true);

create table quarantine (
  user_id uuid not null references users on delete cascade,
  record_id uuid not null,
  import_id uuid,
  position integer,
  file_name text,
  format text not null,
  kind text not null check (kind in ('record', 'reading')),
  source_id uuid,
  source jsonb,
  place bigint not null,
  code text not null,
  detail text not null,
  raw text not null,
  created_at timestamptz not null default now(),
  primary key (user_id, record_id),
  foreign key (user_id, import_id) references imports on delete set null (import_id),
  foreign key (user_id, source_id) references sources on delete set null (source_id)
);
create index quarantine_import on quarantine (user_id, import_id, position);
comment on table quarantine is 'Records that could not be used, whole enough to be tried again. A record is the file''s own text; a reading is one value as JSON.';
call protect('quarantine', writer => true);

create table csv_mappings (
  user_id uuid not null references users on delete cascade,
  mapping_id uuid not null,
  header_hash bytea not null,
  mapping jsonb not null,
  created_at timestamptz not null default now(),
  primary key (user_id, mapping_id),
  unique (user_id, header_hash)
);
comment on column csv_mappings.header_hash is 'SHA-256 of the names of the columns: a table with the same header is read the same way.';
call protect('csv_mappings', writer => true);
