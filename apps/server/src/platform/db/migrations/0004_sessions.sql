-- 0004_sessions.sql
-- Why:   what is not a plain series: values for a day, events, sessions with their parts and ways, and the files they came from.
-- Locks: new tables only.

create table source_days (
  user_id uuid not null,
  source_id uuid not null,
  metric text not null,
  day_on date not null,
  value double precision not null,
  unit text,
  quality integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (user_id, source_id, metric, day_on),
  foreign key (user_id, source_id) references sources on delete cascade
);
comment on table source_days is 'What a source states for a local date (kind D). The date is never shifted by a zone.';
comment on column source_days.unit is 'The unit it was sent in, where that is not the catalogue''s; the value is always the catalogue''s.';
call protect('source_days', writer => true);

create table events (
  user_id uuid not null,
  source_id uuid not null,
  metric text not null,
  start_at timestamptz not null,
  external_id text not null default '',
  event_id uuid not null,
  end_at timestamptz,
  value jsonb not null,
  unit text,
  quality integer not null default 0,
  utc_offset_minutes smallint,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (user_id, source_id, metric, start_at, external_id),
  foreign key (user_id, source_id) references sources on delete cascade
);
comment on table events is 'Happenings with a value of their own shape (kind E): a blood pressure, a dose, a symptom.';
call protect('events', writer => true);

create table files (
  user_id uuid not null references users on delete cascade,
  file_id uuid not null,
  content_hash bytea not null,
  bytes bigint not null,
  created_at timestamptz not null default now(),
  primary key (user_id, file_id),
  unique (user_id, content_hash)
);
comment on table files is 'Original files, kept byte for byte in the database: one truth, one backup, the same for every process.';
call protect('files', writer => true);

create table file_parts (
  user_id uuid not null references users on delete cascade,
  file_id uuid not null,
  part integer not null,
  data bytea not null,
  primary key (user_id, file_id, part)
);
comment on table file_parts is 'Written while a file arrives, before it is known to be whole or new: parts whose file never got its row are swept after a day.';
alter table file_parts alter column data set storage external;
comment on column file_parts.data is 'At most 1 MiB each; uncompressed, because activity files hardly shrink and are read once.';
call protect('file_parts', writer => true);

create table imports (
  user_id uuid not null references users on delete cascade,
  import_id uuid not null,
  status text not null default 'queued' check (status in ('queued', 'reading', 'done', 'partial', 'failed', 'cancelled')),
  bytes_total bigint not null default 0,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  leased_until timestamptz,
  leased_by uuid,
  deaths integer not null default 0,
  primary key (user_id, import_id)
);
create index imports_due on imports (created_at) where status in ('queued', 'reading');
comment on column imports.leased_until is 'A worker holds the import until then; after a crash another takes it over.';
comment on column imports.leased_by is 'Made anew for each claim: a worker that slept through its lease finds another name here and gives up.';
comment on column imports.deaths is 'How often a worker died over the file it was reading; a file that kills them all is given up.';
call protect('imports', writer => true);

create table import_files (
  user_id uuid not null,
  import_id uuid not null,
  position integer not null,
  file_id uuid not null,
  name text not null,
  source_id uuid,
  format text,
  status text not null default 'queued' check (status in ('queued', 'reading', 'done', 'partial', 'failed', 'cancelled', 'duplicate')),
  bytes bigint not null,
  bytes_read bigint not null default 0,
  records bigint not null default 0,
  samples bigint not null default 0,
  changed bigint not null default 0,
  duplicates bigint not null default 0,
  sessions integer not null default 0,
  session_ids uuid[] not null default '{}',
  rejected bigint not null default 0,
  rejections jsonb not null default '[]',
  warnings jsonb not null default '[]',
  reason text,
  primary key (user_id, import_id, position),
  foreign key (user_id, import_id) references imports on delete cascade,
  foreign key (user_id, file_id) references files on delete cascade
);
comment on column import_files.name is 'As the person''s machine called it. Never a path here.';
comment on column import_files.sessions is 'New and changed ones; session_ids also names those that were known.';
call protect('import_files', writer => true);

create table import_steps (
  user_id uuid not null,
  import_id uuid not null,
  position integer not null,
  step integer not null,
  accepted bigint not null default 0,
  changed bigint not null default 0,
  duplicates bigint not null default 0,
  rejected bigint not null default 0,
  rejections jsonb not null default '[]',
  primary key (user_id, import_id, position, step),
  foreign key (user_id, import_id, position) references import_files on delete cascade
);
comment on table import_steps is 'A file''s samples are written in numbered steps. The step''s row stands in the transaction of its samples, so whoever reads the file again after a crash skips what was written and still counts it.';
call protect('import_steps', writer => true);

create table sessions (
  user_id uuid not null,
  session_id uuid not null,
  source_id uuid not null,
  external_id text not null,
  type text not null check (type in ('workout', 'sleep')),
  activity text,
  title text,
  start_at timestamptz not null,
  end_at timestamptz not null,
  utc_offset_minutes smallint,
  totals jsonb not null default '{}',
  derived text[] not null default '{}',
  activity_data jsonb not null default '{}',
  file_id uuid,
  import_id uuid,
  file_name text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (user_id, session_id),
  unique (user_id, source_id, external_id),
  foreign key (user_id, source_id) references sources on delete cascade,
  foreign key (user_id, file_id) references files on delete set null (file_id),
  check (start_at <= end_at)
);
create index sessions_newest on sessions (user_id, start_at desc, session_id desc);
create index sessions_file on sessions (user_id, file_id) where file_id is not null;
call protect('sessions', writer => true);

create table session_parts (
  user_id uuid not null,
  session_id uuid not null,
  kind text not null check (kind in ('lap', 'length', 'stage', 'pause', 'segment')),
  start_at timestamptz not null,
  position integer not null default 0,
  end_at timestamptz not null,
  label text,
  intensity text,
  quality integer not null default 0,
  totals jsonb not null default '{}',
  primary key (user_id, session_id, kind, start_at, position),
  foreign key (user_id, session_id) references sessions on delete cascade
);
call protect('session_parts', writer => true);

create table tracks (
  user_id uuid not null,
  track_id uuid not null,
  source_id uuid not null,
  session_id uuid,
  start_at timestamptz not null,
  end_at timestamptz not null,
  n integer not null,
  data bytea not null,
  primary key (user_id, track_id),
  foreign key (user_id, source_id) references sources on delete cascade,
  foreign key (user_id, session_id) references sessions on delete cascade
);
create unique index tracks_session on tracks (user_id, session_id) where session_id is not null;
create unique index tracks_hour on tracks (user_id, source_id, start_at) where session_id is null;
comment on table tracks is 'Ways. Of a session: one row. Of a device that sends positions: one row an hour of UTC, start_at being the hour.';
comment on column tracks.data is 'Columns time, lat, lon, ele, each with the sample codec.';
call protect('tracks', writer => true);

create table session_streams (
  user_id uuid not null,
  session_id uuid not null,
  stream text not null,
  n integer not null,
  data bytea not null,
  primary key (user_id, session_id, stream),
  foreign key (user_id, session_id) references sessions on delete cascade
);
comment on table session_streams is 'Columns that belong to one session only, such as its running distance: as a series they would be counted into the day.';
call protect('session_streams', writer => true);
