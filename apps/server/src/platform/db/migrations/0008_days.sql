-- 0008_days.sql
-- Why:   people live in local days, so each source's figure for each of them is worked out once and read a thousand times.
-- Locks: new tables; a column of dirty with a constant default and triggers on small tables, all instant.

create table source_day_values (
  user_id uuid not null,
  metric text not null,
  day_on date not null,
  source_id uuid not null,
  basis text not null check (basis in ('stated', 'samples', 'events', 'sessions')),
  value double precision not null,
  n integer not null,
  v_min double precision,
  v_max double precision,
  v_avg double precision,
  v_sum double precision,
  v_last double precision,
  last_at timestamptz,
  coverage double precision,
  quality double precision,
  start_at timestamptz,
  end_at timestamptz,
  primary key (user_id, metric, day_on, source_id),
  foreign key (user_id, source_id) references sources on delete cascade
);
comment on table source_day_values is 'One source''s figure for one metric on one local date. Which source is shown is decided when it is read, so a source that goes leaves nothing to put right.';
comment on column source_day_values.day_on is 'The person''s local date, by the zone they were in.';
comment on column source_day_values.value is 'The figure that the catalogue puts first.';
comment on column source_day_values.basis is 'stated: the source said it for the date. Otherwise what it was worked out from.';
comment on column source_day_values.coverage is 'Share of the day''s real seconds with something, 0 to 1.';
comment on column source_day_values.start_at is 'When the local day began for this source; null where only a date is known.';
call protect('source_day_values');

create table day_marks (
  user_id uuid not null,
  mark_id bigint generated always as identity,
  source_id uuid,
  metric text,
  from_on date,
  to_on date,
  created_at timestamptz not null default now(),
  primary key (user_id, mark_id)
);
comment on table day_marks is 'Local dates whose figures are to be worked out again. Rows are only ever added and taken, so that marking waits for nobody and no mark can be lost to one that was there already. No foreign key: a mark may outlive its source and its person, and is then taken away unread.';
comment on column day_marks.source_id is 'Null: all of them. Likewise the metric, which may also be a compound or a type of session, and the dates, both of which are in.';
call protect('day_marks', writer => true);

alter table dirty add column resolved_seq bigint not null default 0;
comment on column dirty.resolved_seq is 'Segments of the day up to this number of their series are in the figures of local days. Those that were flushed since are not, and nobody had to say so.';

-- Marks what a statement changed, in its own transaction and whoever wrote it: for each source and metric one mark from the
-- first date to the last. `marks` is a list of expressions: user, source, metric, first date, last date.
create procedure mark_days_of(name text, marks text)
language plpgsql
as $$
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
$$;

call mark_days_of('source_days', 'user_id, source_id, metric, day_on, day_on');
-- Which date it was depends on an offset or on the person's zone: one date more on either side covers both.
call mark_days_of('events', $$user_id, source_id, metric, (start_at at time zone 'UTC')::date - 1, (start_at at time zone 'UTC')::date + 1$$);
call mark_days_of('sessions', $$user_id, source_id, type, (end_at at time zone 'UTC')::date - 1, (end_at at time zone 'UTC')::date + 1$$);

create function mark_days_of_zone() returns trigger language plpgsql as $$
begin
  insert into tributary.day_marks (user_id) values (new.user_id);
  return null;
end $$;
create trigger mark_days_zone after update of time_zone on users
  for each row when (old.time_zone is distinct from new.time_zone) execute function mark_days_of_zone();

-- What was stored before there were figures waits for the first ones.
insert into day_marks (user_id) select user_id from users;
