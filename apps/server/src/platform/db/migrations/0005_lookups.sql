-- 0005_lookups.sql
-- Why:   somebody must be found by e-mail, token or key before row-level security knows whose rows to show.
--        These functions are the only way, and answer one row to whoever knows the exact value.
-- Locks: new functions, policies and grants only.

-- trb_lookup cannot log in and reads these columns alone.
grant select (user_id, email, role, disabled_at) on users to trb_lookup;
grant select (user_id, kind, secret_hash) on identities to trb_lookup;
grant select (user_id, sign_in_id, kind, cookie_hash, last_used_at, expires_at, ended_at) on sign_ins to trb_lookup;
grant select (user_id, sign_in_id, token_hash) on refresh_tokens to trb_lookup;
grant select (user_id, api_key_id, scopes, key_hash, expires_at, revoked_at) on api_keys to trb_lookup;
grant select (user_id, device_id, token_hash) on device_tokens to trb_lookup;
grant select (user_id, invite_id, code_hash, role, expires_at, used_at) on invites to trb_lookup;
create policy lookup on users for select to trb_lookup using (true);
create policy lookup on identities for select to trb_lookup using (true);
create policy lookup on sign_ins for select to trb_lookup using (true);
create policy lookup on refresh_tokens for select to trb_lookup using (true);
create policy lookup on api_keys for select to trb_lookup using (true);
create policy lookup on device_tokens for select to trb_lookup using (true);
create policy lookup on invites for select to trb_lookup using (true);

create function has_owner() returns boolean
language sql stable security definer set search_path = tributary, pg_temp
as $$ select exists (select from users where role = 'owner') $$;

create function find_person(wanted text)
returns table (user_id uuid, role text, disabled_at timestamptz, secret_hash text)
language sql stable security definer set search_path = tributary, pg_temp
as $$
  select u.user_id, u.role, u.disabled_at, i.secret_hash
  from users u
  left join identities i on i.user_id = u.user_id and i.kind = 'password'
  where u.email = wanted
$$;

create function find_sign_in(wanted uuid)
returns table (user_id uuid, sign_in_id uuid, kind text, role text, last_used_at timestamptz, expires_at timestamptz, ended_at timestamptz, disabled_at timestamptz)
language sql stable security definer set search_path = tributary, pg_temp
as $$
  select s.user_id, s.sign_in_id, s.kind, u.role, s.last_used_at, s.expires_at, s.ended_at, u.disabled_at
  from sign_ins s
  join users u on u.user_id = s.user_id
  where s.sign_in_id = wanted
$$;

create function find_cookie(wanted bytea)
returns table (user_id uuid, sign_in_id uuid, kind text, role text, last_used_at timestamptz, expires_at timestamptz, ended_at timestamptz, disabled_at timestamptz)
language sql stable security definer set search_path = tributary, pg_temp
as $$
  select s.user_id, s.sign_in_id, s.kind, u.role, s.last_used_at, s.expires_at, s.ended_at, u.disabled_at
  from sign_ins s
  join users u on u.user_id = s.user_id
  where s.cookie_hash = wanted
$$;

create function find_refresh_token(wanted bytea)
returns table (user_id uuid, sign_in_id uuid)
language sql stable security definer set search_path = tributary, pg_temp
as $$ select r.user_id, r.sign_in_id from refresh_tokens r where r.token_hash = wanted $$;

create function find_api_key(wanted bytea)
returns table (user_id uuid, api_key_id uuid, scopes text[], role text, expires_at timestamptz, ended_at timestamptz, disabled_at timestamptz)
language sql stable security definer set search_path = tributary, pg_temp
as $$
  select k.user_id, k.api_key_id, k.scopes, u.role, k.expires_at, k.revoked_at, u.disabled_at
  from api_keys k
  join users u on u.user_id = k.user_id
  where k.key_hash = wanted
$$;

create function find_device_token(wanted bytea)
returns table (user_id uuid, device_id uuid, role text, disabled_at timestamptz)
language sql stable security definer set search_path = tributary, pg_temp
as $$
  select t.user_id, t.device_id, u.role, u.disabled_at
  from device_tokens t
  join users u on u.user_id = t.user_id
  where t.token_hash = wanted
$$;

create function find_invite(wanted bytea)
returns table (user_id uuid, invite_id uuid, role text, expires_at timestamptz, used_at timestamptz)
language sql stable security definer set search_path = tributary, pg_temp
as $$
  select i.user_id, i.invite_id, i.role, i.expires_at, i.used_at
  from invites i
  where i.code_hash = wanted
$$;

-- For the operator at the command line: ids alone, and never for a request.
create function list_people() returns setof uuid
language sql stable security definer set search_path = tributary, pg_temp
as $$ select user_id from users order by created_at, user_id $$;
grant select (created_at) on users to trb_lookup;

-- Giving a function away takes the right to create one, for this moment only.
grant create on schema tributary to trb_lookup;
alter function has_owner() owner to trb_lookup;
alter function find_person(text) owner to trb_lookup;
alter function find_sign_in(uuid) owner to trb_lookup;
alter function find_cookie(bytea) owner to trb_lookup;
alter function find_refresh_token(bytea) owner to trb_lookup;
alter function find_api_key(bytea) owner to trb_lookup;
alter function find_device_token(bytea) owner to trb_lookup;
alter function find_invite(bytea) owner to trb_lookup;
alter function list_people() owner to trb_lookup;
revoke create on schema tributary from trb_lookup;

revoke execute on function has_owner(), find_person(text), find_sign_in(uuid), find_cookie(bytea), find_refresh_token(bytea),
  find_api_key(bytea), find_device_token(bytea), find_invite(bytea), list_people() from public;
grant execute on function has_owner(), find_person(text), find_sign_in(uuid), find_cookie(bytea), find_refresh_token(bytea),
  find_api_key(bytea), find_device_token(bytea), find_invite(bytea) to trb_app;
grant execute on function list_people() to trb_writer;
