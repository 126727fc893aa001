-- 0016_sealed_hooks_and_view_logins.sql
-- Why:   what makes a provider's call believable stood in the clear, in dumps and backups too: from here on it is sealed. And who asks the
--        documents' views with SQL gets a login of their own, which reads one person's rows, or everybody's, and nothing else.
-- Locks: hook_secrets for a moment; a policy and a grant on each table that the views read.

alter table hook_secrets
  alter column secret drop not null,
  add column sealed_secret text,
  add column sealed_kept text,
  add constraint hook_secrets_sealed check (num_nonnulls(secret, sealed_secret) = 1);
comment on table hook_secrets is 'The last part of each provider''s webhook path, random for each; kept: what undoes the subscription of the app. Sealed by the installation''s key.';
comment on column hook_secrets.secret is 'In the clear, as it was before: the next start seals it and leaves nothing here, nor in kept. SQL cannot: the key is not in the database.';

create table view_logins (
  login text primary key,
  reads uuid references users on delete cascade,
  created_at timestamptz not null default now()
);
comment on table view_logins is 'Logins for the views, made by `tributary views`. A role belongs to the whole cluster; it reads nothing in a database that does not name it here.';
comment on column view_logins.reads is 'Whose rows; null: everybody''s.';
call protect('view_logins', app => 'none');
grant select (login, reads) on view_logins to trb_lookup;
create policy lookup on view_logins for select to trb_lookup using (true);

-- session_user is who logged in: `set role` and settings do not change it.
create function view_subject() returns uuid
language sql stable security definer set search_path = tributary, pg_temp
as $$ select l.reads from view_logins l where l.login = session_user $$;

create function views_everybody() returns boolean
language sql stable security definer set search_path = tributary, pg_temp
as $$ select exists (select from view_logins l where l.login = session_user and l.reads is null) $$;

grant create on schema tributary to trb_lookup;
alter function view_subject() owner to trb_lookup;
alter function views_everybody() owner to trb_lookup;
revoke create on schema tributary from trb_lookup;
revoke execute on function view_subject(), views_everybody() from public;
grant execute on function view_subject() to trb_reader;
grant execute on function views_everybody() to trb_reader_all;

-- The views ask with the rights of who looks, so who looks may select from what they stand on; but not by name: without usage of this
-- schema nothing in it can be written down. Two roles, because one policy with `or` would read every person's rows to find one's.
do $$
declare
  base text;
  shape text;
begin
  foreach base in array array['connections', 'devices', 'device_health', 'planned_sessions', 'sessions', 'source_day_values', 'sources', 'sync_runs'] loop
    execute format('grant select on %I to trb_reader, trb_reader_all', base);
    execute format('create policy reader on %I for select to trb_reader using (user_id = (select view_subject()))', base);
    execute format('create policy reader_all on %I for select to trb_reader_all using ((select views_everybody()))', base);
  end loop;
  foreach shape in array array['doc1', 'doc2', 'doc4', 'device_data'] loop
    continue when not has_schema_privilege(shape, 'create'); -- somebody else's
    execute format('grant usage on schema %I to trb_reader, trb_reader_all', shape);
    for base in
      select relname from pg_class where relnamespace = shape::regnamespace and relkind = 'v' and relowner = current_user::regrole
    loop
      execute format('grant select on %I.%I to trb_reader, trb_reader_all', shape, base);
    end loop;
  end loop;
end
$$;
