-- 0014_custom_apis.sql
-- Why:   a device with an HTTP API of its own is connected by a definition that its person writes; it is kept beside the connection it made.
-- Locks: a new table only.

create table custom_apis (
  user_id uuid not null,
  custom_api_id uuid not null,
  connection_id uuid not null,
  definition jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (user_id, custom_api_id),
  foreign key (user_id, connection_id) references connections on delete cascade
);
create unique index custom_apis_connection on custom_apis (user_id, connection_id);
comment on table custom_apis is 'What people say of their devices'' own APIs. The credentials lie sealed under the connection.';
comment on column custom_apis.custom_api_id is 'The connection''s provider_account.';
call protect('custom_apis');
