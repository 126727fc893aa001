-- 0011_signing_in.sql
-- Why:   a person is away at a provider's page while they sign in, and comes back by whatever browser; other apps lead people to our
--        connect page; of the tokens of one connection only one process at a time asks for new ones; and the key that wraps
--        people's keys can be changed.
-- Locks: connections for a moment.

create table connect_sessions (
  user_id uuid not null references users on delete cascade,
  connect_session_id uuid not null,
  token_hash bytea not null,
  providers text[],
  theme text not null check (theme in ('light', 'dark', 'auto')),
  language text,
  return_to text,
  allowed_origins text[] not null default '{}',
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (user_id, connect_session_id)
);
create unique index connect_sessions_hash on connect_sessions (token_hash);
create unique index connect_sessions_id on connect_sessions (connect_session_id);
comment on table connect_sessions is 'What lets another app''s user connect providers here for a quarter of an hour, and where our page may be framed.';
call protect('connect_sessions');

create table oauth_states (
  user_id uuid not null references users on delete cascade,
  state_hash bytea not null,
  provider text not null references providers,
  region text,
  redirect_uri text not null,
  return_to text,
  scopes text[] not null,
  asked_by text not null check (asked_by in ('cookie', 'bearer', 'connect')),
  browser_hash bytea not null,
  sealed_verifier text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  confirm_hash bytea,
  confirm_reason text check (confirm_reason in ('other_browser', 'shared_account')),
  sealed_answer text,
  primary key (user_id, state_hash)
);
create unique index oauth_states_hash on oauth_states (state_hash);
create unique index oauth_states_confirm on oauth_states (user_id, confirm_hash) where confirm_hash is not null;
comment on table oauth_states is 'People who are away at a provider''s sign-in page. Each state is good once and for ten minutes; ended ones are kept a day, so that a page can say what happened.';
comment on column oauth_states.browser_hash is 'Of the cookie of the browser that asked: who comes back without it must say yes once more.';
comment on column oauth_states.sealed_answer is 'What the provider answered, sealed, while the person has not said yes yet.';
call protect('oauth_states');

alter table connections
  add column region text,
  add column token_version integer not null default 0,
  add column refresh_lease uuid,
  add column refresh_until timestamptz;
comment on column connections.token_version is 'Grows with every answer of the token endpoint that was stored: who read an older one reads again.';
comment on column connections.refresh_until is 'Who asks for new tokens holds the lease until then; a process that died loses it.';

grant select (user_id, connect_session_id, token_hash, providers, allowed_origins, expires_at) on connect_sessions to trb_lookup;
grant select (user_id, state_hash, created_at) on oauth_states to trb_lookup;
grant select (user_id, provider, provider_account, status) on connections to trb_lookup;
grant select (user_id, wrapped) on data_keys to trb_lookup;
create policy lookup on connect_sessions for select to trb_lookup using (true);
create policy lookup on oauth_states for select to trb_lookup using (true);
create policy lookup on connections for select to trb_lookup using (true);
create policy lookup on data_keys for select to trb_lookup using (true);

create function find_connect_session(wanted bytea)
returns table (user_id uuid, connect_session_id uuid, role text, providers text[], expires_at timestamptz, disabled_at timestamptz)
language sql stable security definer set search_path = tributary, pg_temp
as $$
  select s.user_id, s.connect_session_id, u.role, s.providers, s.expires_at, u.disabled_at
  from connect_sessions s
  join users u on u.user_id = s.user_id
  where s.token_hash = wanted
$$;

-- Names of apps' pages, and no secret: the browser that asks has not shown its token yet.
create function find_frame_origins(wanted uuid) returns text[]
language sql stable security definer set search_path = tributary, pg_temp
as $$ select s.allowed_origins from connect_sessions s where s.connect_session_id = wanted and s.expires_at > now() $$;

create function find_oauth_state(wanted bytea) returns uuid
language sql stable security definer set search_path = tributary, pg_temp
as $$ select s.user_id from oauth_states s where s.state_hash = wanted $$;

-- Whether somebody else here is connected to an account; who it is, it does not say.
create function is_account_taken(which text, account text, besides uuid) returns boolean
language sql stable security definer set search_path = tributary, pg_temp
as $$
  select exists (
    select from connections c
    where c.provider = which and c.provider_account = account and account <> '' and c.status <> 'ended' and c.user_id <> besides
  )
$$;

-- For the change of ENCRYPTION_KEY: ids alone, of people with a key that another one wrapped.
create function list_people_wrapped_otherwise(key_id text, most integer) returns setof uuid
language sql stable security definer set search_path = tributary, pg_temp
as $$ select distinct k.user_id from data_keys k where split_part(k.wrapped, '.', 2) <> key_id limit most $$;

-- Of what nobody came back for.
create function forget_old_states() returns integer
language sql volatile security definer set search_path = tributary, pg_temp
as $$
  with states as (delete from oauth_states where created_at < now() - interval '1 day' returning 1),
    sessions as (delete from connect_sessions where expires_at < now() - interval '1 day' returning 1)
  select (select count(*) from states)::integer + (select count(*) from sessions)::integer
$$;
grant delete on oauth_states, connect_sessions to trb_lookup;
create policy lookup_delete on oauth_states for delete to trb_lookup using (true);
create policy lookup_delete on connect_sessions for delete to trb_lookup using (true);

grant create on schema tributary to trb_lookup;
alter function find_connect_session(bytea) owner to trb_lookup;
alter function find_frame_origins(uuid) owner to trb_lookup;
alter function find_oauth_state(bytea) owner to trb_lookup;
alter function is_account_taken(text, text, uuid) owner to trb_lookup;
alter function list_people_wrapped_otherwise(text, integer) owner to trb_lookup;
alter function forget_old_states() owner to trb_lookup;
revoke create on schema tributary from trb_lookup;
revoke execute on function find_connect_session(bytea), find_frame_origins(uuid), find_oauth_state(bytea), is_account_taken(text, text, uuid),
  list_people_wrapped_otherwise(text, integer), forget_old_states() from public;
grant execute on function find_connect_session(bytea), find_frame_origins(uuid), find_oauth_state(bytea), is_account_taken(text, text, uuid) to trb_app;
grant execute on function list_people_wrapped_otherwise(text, integer), forget_old_states() to trb_writer;
