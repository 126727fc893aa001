-- 0017_keeping_tokens.sql
-- Why:   a sign-in that nobody uses ends at many providers, so it must be found while it can still be renewed; and where a provider has
--        refused good ones, the first refusal has to be remembered, for only one that lasts ends the connection. And a sign-in that is
--        under way may be by OAuth 1, whose verifier is another thing than OAuth 2's.
-- Locks: nullable columns without default and one with a constant, instant.
alter table connections add column renew_idle_at timestamptz, add column refused_at timestamptz;
comment on column connections.renew_idle_at is 'From then on its tokens are renewed though nobody asks for anything: a third of the time that they live unused is left.';
comment on column connections.refused_at is 'When its provider first refused to renew it, of a provider whose refusal must last to be believed. Null once it was renewed.';
grant select (token_version, renew_idle_at) on connections to trb_writer;

alter table oauth_states add column auth_kind text not null default 'oauth2' check (auth_kind in ('oauth2', 'oauth1'));
comment on column oauth_states.sealed_verifier is 'OAuth 2: of PKCE. OAuth 1: the temporary token and its secret.';
