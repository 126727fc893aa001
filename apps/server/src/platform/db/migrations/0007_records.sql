-- 0007_records.sql
-- Why:   several records may tell of one session (watch and phone, FIT and GPX): one is shown, the others stay. People correct and
--        delete sessions, want what they deleted to stay away, and plan sessions that later ones fulfil.
-- Locks: checks of sessions and session_parts are exchanged, which reads both tables once while they are locked; new columns have
--        constant defaults, so no row is rewritten; indexes on sessions are built under the same lock.

alter table sessions drop constraint sessions_type_check;
alter table sessions add constraint sessions_type_check check (type in ('workout', 'sleep', 'meditation', 'ecg'));
alter table session_parts drop constraint session_parts_kind_check;
alter table session_parts add constraint session_parts_kind_check check (kind in ('lap', 'length', 'stage', 'pause', 'segment', 'set', 'marker'));

alter table sessions
  add column is_nap boolean not null default false,
  add column format text,
  add column superseded_by uuid,
  add column deleted_at timestamptz,
  add column notes text,
  add column edits jsonb,
  add column content_hash bytea,
  add constraint sessions_winner foreign key (user_id, superseded_by) references sessions on delete set null (superseded_by);
comment on table sessions is 'Each row is one record: what one source tells of a session. Those that tell of the same one name the record it is shown by.';
comment on column sessions.format is 'Of the file or archive the record came in; null of one that came otherwise. A source never tells of one session twice in one format.';
comment on column sessions.superseded_by is 'The record shown for the same session; null when it is this one. Worked out from the records alone (platform/sessions), never chained.';
comment on column sessions.deleted_at is 'Null while live. A deleted record keeps its names and times, so that it can be told to others, and nothing that was measured.';
comment on column sessions.edits is 'What the source had said where a person changed it: `{title, activity, totals: {distance}}`; null for what it had not said. The columns hold what is shown.';
comment on column sessions.content_hash is 'Of all that its source said of it: a newer export that says the same changes nothing.';
create index sessions_shown on sessions (user_id, start_at desc, session_id desc) where superseded_by is null and deleted_at is null;
create index sessions_superseded on sessions (user_id, superseded_by) where superseded_by is not null;
create index sessions_long on sessions (user_id, start_at) where end_at - start_at > interval '36 hours';
comment on index sessions_long is 'Others that reach into a stretch begin at most 36 hours before it, so that neighbours are found without reading all that came before.';

create table planned_sessions (
  user_id uuid not null references users on delete cascade,
  planned_session_id uuid not null,
  activity text,
  title text not null,
  description text,
  scheduled_on date not null,
  start_at timestamptz,
  duration double precision,
  distance double precision,
  skipped_at timestamptz,
  session_id uuid,
  matched_by text check (matched_by in ('rule', 'person', 'nobody')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (user_id, planned_session_id),
  foreign key (user_id, session_id) references sessions on delete set null (session_id)
);
create index planned_sessions_by_day on planned_sessions (user_id, scheduled_on, planned_session_id);
create unique index planned_sessions_fulfilled on planned_sessions (user_id, session_id) where session_id is not null;
comment on column planned_sessions.scheduled_on is 'A date on the person''s own calendar, never shifted by a zone.';
comment on column planned_sessions.matched_by is 'Who said that the session fulfils it; `nobody` when a person took the match away, which then stays so.';
call protect('planned_sessions', writer => true);

create table suppressions (
  user_id uuid not null references users on delete cascade,
  suppression_id uuid not null,
  source_id uuid,
  metric text,
  external_id text,
  title text,
  start_at timestamptz,
  end_at timestamptz,
  suppressed bigint not null default 0,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default clock_timestamp(),
  lifted_at timestamptz,
  delete_again_at timestamptz,
  primary key (user_id, suppression_id),
  foreign key (user_id, source_id) references sources on delete cascade
);
create index suppressions_newest on suppressions (user_id, created_at desc, suppression_id desc) where lifted_at is null;
create index suppressions_changed on suppressions (changed_at);
create index suppressions_due on suppressions (delete_again_at) where delete_again_at is not null;
comment on table suppressions is 'What a person deleted and does not want back; null means any. Ingest and imports skip what it covers and count it.';
comment on column suppressions.changed_at is 'Processes learn of new and lifted rows by it, each second.';
comment on column suppressions.lifted_at is 'A lifted row stays for an hour, so that every process learns of it.';
comment on column suppressions.delete_again_at is 'What another process let in before it knew is deleted once more, then.';
call protect('suppressions', writer => true);

-- The importer decides by the person's own clock which sleep is a nap and which day a session belongs to, and may not look into users. A request is told its own person's alone.
grant select (time_zone) on users to trb_lookup;
create function find_time_zone(wanted uuid) returns text
language sql stable security definer set search_path = tributary, pg_temp
as $$ select u.time_zone from users u where u.user_id = wanted and coalesce(subject(), wanted) = wanted $$;
grant create on schema tributary to trb_lookup;
alter function find_time_zone(uuid) owner to trb_lookup;
revoke create on schema tributary from trb_lookup;
revoke execute on function find_time_zone(uuid) from public;
grant execute on function find_time_zone(uuid) to trb_app, trb_writer;

update sessions set format = split_part(external_id, ':', 1) where external_id ~ '^(fit|tcx|gpx):';
