-- 0021_source_writers.sql
-- Why:   a device may be told of by several connections, by files and by itself. Whose data go with a connection has to be known.
-- Locks: a new table only.

create table source_writers (
  user_id uuid not null,
  source_id uuid not null,
  connection_id uuid not null,
  made_device boolean not null default false,
  primary key (user_id, source_id, connection_id),
  foreign key (user_id, source_id) references sources on delete cascade,
  foreign key (user_id, connection_id) references connections on delete cascade
);
comment on table source_writers is 'Connections that told of a device, beside the one that its source is named after.';
comment on column source_writers.made_device is 'The device is there because this connection told of it.';
create index source_writers_by_connection on source_writers (user_id, connection_id);
call protect('source_writers');

insert into source_writers (user_id, source_id, connection_id)
select d.user_id, s.source_id, d.connection_id
from devices d join sources s on s.user_id = d.user_id and s.device_id = d.device_id
where d.connection_id is not null and d.platform_key is not null;
