-- 0001_people.sql
-- Why:   everything hangs from a person; row-level security stands from the first table on.
-- Locks: new tables only.

create function subject() returns uuid
language sql stable parallel safe
as $$
  select case
    when current_setting('app.subject', true) = current_setting('app.actor', true)
    then nullif(current_setting('app.subject', true), '')::uuid
  end
$$;
comment on function subject() is
  'Whose data this transaction may touch. Null, so nobody''s, unless the one who asks (app.actor) is the same person: acting for another needs a grant, and there is none yet.';

-- Every table goes through here, so that the rule is written once. `writer`: the flush, compactor and importer may touch it for everybody.
create procedure protect(name text, writer boolean default false, app text default 'all')
language plpgsql
as $$
begin
  execute format('alter table %I enable row level security', name);
  execute format('alter table %I force row level security', name);
  execute format('create policy owner on %I to trb_owner using (true) with check (true)', name);
  if app = 'all' then
    execute format('grant select, insert, update, delete on %I to trb_app', name);
    execute format('create policy app on %I to trb_app using (user_id = (select subject())) with check (user_id = (select subject()))', name);
  end if;
  if writer then
    execute format('grant select, insert, update, delete on %I to trb_writer', name);
    execute format('create policy writer on %I to trb_writer using (true) with check (true)', name);
  end if;
end
$$;

create table users (
  user_id uuid primary key,
  email text not null unique check (email = lower(email)),
  display_name text,
  role text not null check (role in ('owner', 'admin', 'member', 'viewer')),
  time_zone text not null default 'UTC',
  locale text not null default 'en',
  units text not null default 'metric' check (units in ('metric', 'imperial')),
  birth_on date,
  sex text check (sex in ('female', 'male', 'other')),
  body_height double precision,
  external_id text unique,
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index users_one_owner on users ((role)) where role = 'owner';
comment on index users_one_owner is 'Two people racing for the first account: the constraint decides.';
call protect('users');

create table identities (
  user_id uuid not null references users on delete cascade,
  kind text not null check (kind in ('password')),
  secret_hash text not null,
  changed_at timestamptz not null default now(),
  primary key (user_id, kind)
);
comment on column identities.secret_hash is 'argon2id in PHC string form.';
call protect('identities');

create table sign_ins (
  user_id uuid not null references users on delete cascade,
  sign_in_id uuid not null,
  kind text not null check (kind in ('tokens', 'cookie')),
  cookie_hash bytea unique,
  address text,
  user_agent text,
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_reason text check (ended_reason in ('logout', 'ended', 'password', 'reuse', 'reset', 'disabled')),
  primary key (user_id, sign_in_id)
);
create unique index sign_ins_id on sign_ins (sign_in_id);
comment on table sign_ins is 'One row a place where somebody is signed in: the family of its refresh tokens, or its browser cookie.';
call protect('sign_ins');

create table refresh_tokens (
  user_id uuid not null,
  token_hash bytea not null,
  sign_in_id uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (user_id, token_hash),
  foreign key (user_id, sign_in_id) references sign_ins on delete cascade
);
create unique index refresh_tokens_hash on refresh_tokens (token_hash);
comment on column refresh_tokens.used_at is 'A token used twice was stolen, or its answer was lost: either way the whole sign-in ends.';
call protect('refresh_tokens');

create table api_keys (
  user_id uuid not null references users on delete cascade,
  api_key_id uuid not null,
  name text not null,
  scopes text[] not null,
  prefix text not null,
  key_hash bytea not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (user_id, api_key_id)
);
create unique index api_keys_hash on api_keys (key_hash);
call protect('api_keys');

create table invites (
  user_id uuid not null references users on delete cascade,
  invite_id uuid not null,
  code_hash bytea not null,
  role text not null check (role in ('admin', 'member', 'viewer')),
  note text,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  used_by uuid,
  primary key (user_id, invite_id)
);
create unique index invites_code on invites (code_hash);
comment on column invites.user_id is 'Who invited.';
call protect('invites');

create table idempotency_keys (
  user_id uuid not null,
  key text not null,
  fingerprint bytea not null,
  status integer,
  answer text,
  created_at timestamptz not null default now(),
  primary key (user_id, key)
);
comment on table idempotency_keys is 'Written in the transaction of the effect itself: after a crash either both stand or neither. Kept 24 hours.';
comment on column idempotency_keys.user_id is 'The caller; the nil uuid for somebody who is not signed in.';
comment on column idempotency_keys.answer is 'Byte for byte as it was sent. Null when it held a secret.';
create index idempotency_keys_age on idempotency_keys (created_at);
call protect('idempotency_keys', writer => true);

create table sign_in_attempts (
  user_id uuid not null default '00000000-0000-0000-0000-000000000000' check (user_id = '00000000-0000-0000-0000-000000000000'),
  bucket bytea not null,
  failures integer not null,
  last_at timestamptz not null,
  blocked_until timestamptz,
  primary key (user_id, bucket)
);
comment on table sign_in_attempts is 'Guesses counted by account, by address and by known browser. Kept here, so that neither a restart nor a second process forgets them.';
comment on column sign_in_attempts.user_id is 'Nobody: a row is written before anyone is signed in, and no signed-in person sees one.';
comment on column sign_in_attempts.bucket is 'A keyed hash of what is counted, so that the table names no address and no account.';
create index sign_in_attempts_age on sign_in_attempts (last_at);
call protect('sign_in_attempts', writer => true);

create table installation (
  name text primary key,
  value text not null
);
comment on table installation is 'Facts about this installation; none is about a person.';
call protect('installation', writer => true, app => 'none');

create table audit_log (
  audit_id uuid primary key,
  at timestamptz not null default now(),
  user_id uuid,
  actor text not null,
  action text not null,
  target text,
  outcome text not null,
  fields text[],
  address text,
  request_id text
);
comment on column audit_log.actor is 'person:<id>, key:<id>, device:<id>, cli or system.';
comment on column audit_log.fields is 'Names of what was changed, never values.';
create index audit_log_person on audit_log (user_id, at);
call protect('audit_log', app => 'none');
grant insert on audit_log to trb_app, trb_writer;
create policy app on audit_log for insert to trb_app with check (user_id is not distinct from (select subject()));
create policy writer on audit_log for insert to trb_writer with check (true);
grant select on audit_log to trb_audit;
create policy audit on audit_log for select to trb_audit using (true);
