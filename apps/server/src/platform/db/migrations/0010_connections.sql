-- 0010_connections.sql
-- Why:   people link accounts of brands: what is known of each link, how far each of its lists has been read, the operator's own apps,
--        what providers post to us, and their answers kept for a while so that a mended mapping can be replayed over them.
-- Locks: connections, sources, sync_runs and quarantine for a moment each; connections made before get their short ids.

alter table connections
  add column short_id text,
  add column provider_profile jsonb not null default '{}',
  add column auth_kind text check (auth_kind in ('oauth2', 'oauth1', 'key', 'none')),
  add column granted_scopes text[] not null default '{}',
  add column paused_at timestamptz,
  add column error_code text,
  add column error_message text,
  add column token_expires_at timestamptz,
  add column last_sync_at timestamptz,
  add column last_success_at timestamptz,
  add column connected_at timestamptz,
  add column is_demo boolean not null default false;
update connections c
set short_id = n.short_id
from (
  select user_id, connection_id,
    provider || case when row_number() over same = 1 then '' else '_' || row_number() over same end as short_id
  from connections
  window same as (partition by user_id, provider order by created_at, connection_id)
) as n
where n.user_id = c.user_id and n.connection_id = c.connection_id;
alter table connections alter column short_id set not null;
create function next_short_id(who uuid, what text) returns text
language sql stable
as $$
  select what || case when max(n) is null then '' else '_' || max(n) + 1 end
  from (
    select case when short_id = what then 1 else substr(short_id, length(what) + 2)::int end as n
    from connections
    where user_id = who and (short_id = what or short_id ~ ('^' || what || '_[0-9]+$'))
  ) as taken
$$;
comment on function next_short_id is 'The short id of a person''s next connection to a provider: higher than any that is taken, ended ones among them.';
create unique index connections_short on connections (user_id, short_id);
create index connections_account on connections (provider, provider_account) where provider_account <> '';
create policy writer on connections to trb_writer using (true) with check (true);
grant select (user_id, connection_id, short_id, provider, provider_account, auth_kind, status, granted_scopes, paused_at, error_code,
    error_message, token_expires_at, last_sync_at, last_success_at, connected_at, is_demo, created_at, updated_at),
  update (status, granted_scopes, error_code, error_message, last_sync_at, last_success_at, updated_at)
  on connections to trb_writer; -- not the profile, which names a person
comment on column connections.provider_account is 'The provider''s id of the account; empty until it is known. Signing in again to the same account joins this row.';
comment on column connections.provider_profile is 'What the provider told of the account, for its person; never a token.';
comment on column connections.error_code is 'Why it needs a new sign-in, or what its last sync failed of; null after a call that succeeded.';
comment on column connections.last_success_at is 'Of the last call that the provider answered well: what people are shown comes from here, not from intentions.';

create table feeds (
  user_id uuid not null,
  connection_id uuid not null,
  feed text not null,
  read_until timestamptz,
  history_from timestamptz,
  last_success_at timestamptz,
  error_code text,
  error_message text,
  primary key (user_id, connection_id, feed),
  foreign key (user_id, connection_id) references connections on delete cascade
);
comment on table feeds is 'How far each list of a connection has been read. read_until moves in the transaction of the last data it covers.';
comment on column feeds.history_from is 'How far back it has been read; null until it was asked at all.';
call protect('feeds', writer => true);

create table provider_apps (
  provider text primary key references providers,
  client_id text,
  sealed_secret text,
  extra jsonb not null default '{}',
  sealed_extra text,
  updated_at timestamptz not null default now()
);
comment on table provider_apps is 'The operator''s own apps. Secrets are sealed by the installation''s key; what the environment sets is not here.';
alter table provider_apps enable row level security;
alter table provider_apps force row level security;
create policy owner on provider_apps to trb_owner using (true) with check (true);
create policy writer on provider_apps to trb_writer using (true) with check (true);
grant select, insert, update, delete on provider_apps to trb_writer;

create table hook_secrets (
  provider text primary key references providers,
  secret text not null,
  kept jsonb not null default '{}',
  created_at timestamptz not null default now()
);
comment on table hook_secrets is 'The last part of each provider''s webhook path, random for each; kept: what undoes the subscription of the app.';
alter table hook_secrets enable row level security;
alter table hook_secrets force row level security;
create policy owner on hook_secrets to trb_owner using (true) with check (true);
create policy writer on hook_secrets to trb_writer using (true) with check (true);
grant select, insert, update, delete on hook_secrets to trb_writer;

create table hook_notices (
  user_id uuid not null,
  connection_id uuid not null,
  notice_hash bytea not null,
  provider text not null,
  received_at timestamptz not null default now(),
  kind text not null check (kind in ('changed', 'records', 'deleted', 'left', 'scopes')),
  feed text,
  notice jsonb not null default '{}',
  sealed bytea,
  taken_until timestamptz,
  done_at timestamptz,
  attempts smallint not null default 0,
  error_message text,
  primary key (user_id, connection_id, notice_hash),
  foreign key (user_id, connection_id) references connections on delete cascade
);
create index hook_notices_open on hook_notices (received_at) where done_at is null;
comment on table hook_notices is 'What providers told us, once for each connection it concerns: kept before it is answered, until it is dealt with and long enough to know it again. Records in it are sealed.';
call protect('hook_notices', writer => true);

create table raw_payloads (
  user_id uuid not null references users on delete cascade,
  payload_id uuid not null,
  connection_id uuid,
  sync_id uuid,
  provider text not null,
  feed text not null,
  fetched_at timestamptz not null,
  records integer not null,
  bytes integer not null,
  sealed bytea not null,
  primary key (user_id, payload_id),
  foreign key (user_id, connection_id) references connections on delete cascade
);
create index raw_payloads_feed on raw_payloads (user_id, connection_id, feed, fetched_at);
create index raw_payloads_age on raw_payloads using brin (fetched_at);
comment on table raw_payloads is 'Records as the provider answered them, compressed and sealed with the person''s key, for RAW_PAYLOAD_DAYS.';
call protect('raw_payloads', writer => true);

alter table sources
  add column connection_id uuid,
  drop constraint sources_kind_check,
  add constraint sources_kind_check check (kind in ('device', 'file', 'manual', 'app', 'connection')),
  add constraint sources_connection_check check (kind <> 'connection' or external_key is not null),
  drop constraint sources_app_check,
  add constraint sources_app_check check ((kind = 'app') = (archive is not null)),
  add foreign key (user_id, connection_id) references connections on delete set null (connection_id);
create unique index sources_connection on sources (user_id, connection_id, external_key) where kind = 'connection' and connection_id is not null;
comment on column sources.connection_id is 'Of an app or thing inside a connection. Null once it was disconnected with its data kept.';

alter table devices add column platform_key text;
comment on column devices.platform_key is 'The provider''s name of it inside its connection, when it was imported from there: external_key of its readings.';
create unique index devices_platform on devices (user_id, connection_id, platform_key) where platform_key is not null;

alter table sync_runs
  add column connection_id uuid,
  add column feeds jsonb not null default '[]',
  add column lease_until timestamptz,
  add column worker uuid,
  add foreign key (user_id, connection_id) references connections on delete cascade;
create index sync_runs_connection on sync_runs (user_id, connection_id, started_at desc) where connection_id is not null;
create unique index sync_runs_connection_under_way on sync_runs (user_id, connection_id)
  where connection_id is not null and status in ('pending', 'running');
comment on column sync_runs.feeds is 'What became of each list: feed, window, fetched, inserted, updated, skipped, failed, error.';
comment on column sync_runs.lease_until is 'A worker that died is known by it, and its run is closed as failed.';

alter table quarantine
  add column connection_id uuid,
  add column feed text,
  add foreign key (user_id, connection_id) references connections on delete set null (connection_id);
create index quarantine_connection on quarantine (user_id, connection_id) where connection_id is not null;
