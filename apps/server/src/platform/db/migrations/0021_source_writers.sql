-- 0021_source_writers.sql
-- Why:   a device may be told of by several connections, by files and by itself. Whose data go with a connection has to be known.
-- Locks: devices for a moment: a column with a constant default.

create table source_writers (
  user_id uuid not null,
  source_id uuid not null,
  connection_id uuid not null,
  primary key (user_id, source_id, connection_id),
  foreign key (user_id, source_id) references sources on delete cascade,
  foreign key (user_id, connection_id) references connections on delete cascade
);
comment on table source_writers is 'Connections that told of a device, beside the one that its source is named after.';
create index source_writers_by_connection on source_writers (user_id, connection_id);
call protect('source_writers');

insert into source_writers (user_id, source_id, connection_id)
select d.user_id, s.source_id, d.connection_id
from devices d join sources s on s.user_id = d.user_id and s.device_id = d.device_id
where d.connection_id is not null and d.platform_key is not null;

-- Of devices that are there already nobody knows whether anything was uploaded to them: they keep what they have.
alter table devices add column told_only boolean not null default false;
comment on column devices.told_only is 'It is there because a connection told of it, and nothing was ever uploaded to it: with the last connection that tells of it all it has may go. Cleared before the first upload is stored, and never set again.';
