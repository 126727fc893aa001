-- 0013_phones.sql
-- Why:   phone stores change and delete by id alone: where a record went that is neither a point nor has an id of its own where it is
--        stored, and how far each phone has come.
-- Locks: new tables only.

create table phone_records (
  user_id uuid not null,
  connection_id uuid not null,
  id_hash bytea not null,
  version bigint not null default 0,
  source_id uuid,
  type text,
  at timestamptz,
  primary key (user_id, connection_id, id_hash),
  foreign key (user_id, connection_id) references connections on delete cascade,
  foreign key (user_id, source_id) references sources on delete set null (source_id)
);
comment on table phone_records is 'Records of phones that became the value of a day, a stage of sleep or a session: their newest version, and of the first two where they stand.';
comment on column phone_records.type is 'The metric of a day, or `sleep` of a stage; null of a session, which is found by its own id.';
comment on column phone_records.at is 'Midnight in UTC of the day, or the start of the stage.';
call protect('phone_records');

create table phone_cursors (
  user_id uuid not null,
  connection_id uuid not null,
  type text not null,
  cursor jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (user_id, connection_id, type),
  foreign key (user_id, connection_id) references connections on delete cascade
);
comment on table phone_cursors is 'The anchor or change token that a phone sent with the records before it, kept with them.';
call protect('phone_cursors');
