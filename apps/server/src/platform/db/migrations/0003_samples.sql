-- 0003_samples.sql
-- Why:   points are kept as compressed segments (hot) and day chunks (cold): a twentieth of the bytes and a hundredth of the work of a row each.
-- Locks: new tables only.

create table series (
  user_id uuid not null,
  series_id bigint generated always as identity,
  source_id uuid not null,
  metric text not null,
  created_at timestamptz not null default now(),
  primary key (user_id, series_id),
  unique (user_id, source_id, metric),
  foreign key (user_id, source_id) references sources on delete cascade
);
comment on table series is 'One person''s values of one metric from one source. Everything below hangs from it by number, not by foreign key, so that a flush checks none.';
call protect('series', writer => true);

create table segment (
  user_id uuid not null,
  series_id bigint not null,
  t0 timestamptz not null,
  seq bigint not null,
  t1 timestamptz not null,
  n integer not null check (n > 0),
  data bytea not null,
  primary key (user_id, series_id, t0, seq)
);
-- The codec has compressed it, and no segment is larger than half a page.
alter table segment alter column data set storage plain;
-- Compaction deletes what flushes insert: vacuum at 2 % keeps the space in circulation.
alter table segment set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.2);
comment on table segment is 'Points as they were flushed, until the compactor folds them into the chunk of their day.';
comment on column segment.t0 is 'The first point. A segment never spans a UTC day, so what overlaps a time range is a bounded range of this key.';
comment on column segment.t1 is 'The last point.';
comment on column segment.seq is 'The series'' own number of the flush (latest.last_seq): of two points with one time the higher wins.';
call protect('segment', writer => true);

create table chunk (
  user_id uuid not null,
  series_id bigint not null,
  day date not null,
  n integer not null check (n > 0),
  t_last timestamptz not null,
  v_min double precision not null,
  v_max double precision not null,
  v_sum double precision not null,
  data bytea not null,
  primary key (user_id, series_id, day)
);
-- Deflated already: a second compression would only cost.
alter table chunk alter column data set storage external;
comment on table chunk is 'All points of one series on one UTC day. The header is the day''s roll-up and must equal a recount of data.';
call protect('chunk', writer => true);

create table latest (
  user_id uuid not null,
  series_id bigint not null,
  last_seq bigint not null,
  ts timestamptz,
  before_ts timestamptz,
  value double precision,
  duration_ms bigint not null default 0,
  quality bigint not null default 0,
  utc_offset_minutes smallint,
  open_day date,
  open_segments integer not null default 0,
  open_span_ms integer not null default 0,
  primary key (user_id, series_id),
  foreign key (user_id, series_id) references series on delete cascade
) with (fillfactor = 50);
comment on table latest is 'The newest point of a series. The row is also the series'' lock: whoever writes the series updates it first.';
comment on column latest.last_seq is 'Number of the last flush. It only grows, also when all points are deleted.';
comment on column latest.ts is 'Null when every point was deleted.';
comment on column latest.before_ts is 'ts as it was before the last flush: the upsert returns it, and a flush of later points needs no look for overlaps.';
comment on column latest.open_day is 'The day of the last flush.';
comment on column latest.open_segments is 'Flushes to open_day since it was compacted; while there are any, the day is marked dirty.';
comment on column latest.open_span_ms is 'No segment of open_day is longer: how far before a time the search for overlaps must begin.';
-- Only a series' first flush inserts here, so the foreign key costs the others nothing, and a flush cannot outlive its series.
call protect('latest', writer => true);

create table dirty (
  user_id uuid not null,
  series_id bigint not null,
  day date not null,
  since timestamptz not null,
  primary key (user_id, series_id, day)
);
comment on table dirty is 'Days with segments, late ones among them: the compactor''s list of work. A row stands here if and only if the day has segments.';
call protect('dirty', writer => true);

create table record_ref (
  user_id uuid not null,
  source_id uuid not null,
  id_hash bytea not null,
  series_id bigint not null,
  t0 timestamptz not null,
  version bigint not null default 0,
  primary key (user_id, source_id, id_hash)
);
comment on table record_ref is 'Where a record went that its source updates or deletes by id. Only phone stores do.';
call protect('record_ref', writer => true);

create table batches (
  user_id uuid not null,
  device_id uuid not null,
  batch_id uuid not null,
  metric text not null,
  t0 timestamptz not null,
  received integer not null,
  accepted integer not null,
  duplicates integer not null,
  changed integer not null,
  suppressed integer not null,
  rejected integer not null,
  quality double precision,
  flags integer not null default 0,
  metadata jsonb,
  created_at timestamptz not null default now(),
  primary key (user_id, device_id, batch_id)
);
create index batches_age on batches using brin (created_at);
comment on table batches is 'One row an upload, written in the transaction of its points.';
comment on column batches.batch_id is 'UUIDv7, so the key lists a device''s uploads by time.';
comment on column batches.metric is 'The metric or compound of its values, by the catalogue''s name.';
comment on column batches.flags is 'Bits: 1 validated, 2 processed.';
call protect('batches', writer => true);

create table flush_mark (
  slot uuid primary key,
  flush bigint not null,
  at timestamptz not null
) with (fillfactor = 50);
comment on table flush_mark is 'The number of the last committed flush of each process and lane: when the answer to a commit is lost, this tells whether it happened. Transaction ids cannot, they are given again after a crash.';
call protect('flush_mark', writer => true, app => 'none');
