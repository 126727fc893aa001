/** Rows as the wire shows them. */
import type { accounts } from '@tributary/protocol'
import type { z } from 'zod'
import type { ApiKeyRow } from './api-keys.queries.ts'
import type { InviteRow } from './invites.queries.ts'
import type { UserRow } from './users.queries.ts'

export function showUser(row: UserRow): z.input<typeof accounts.User> {
  const { user_id, email, display_name, role, time_zone, locale, units, birth_on, sex, body_height, created_at } = row
  return {
    user_id,
    email,
    display_name,
    role,
    time_zone,
    locale,
    units,
    birth_on,
    sex,
    body_height,
    created_at: created_at.toISOString(),
  }
}

export function showApiKey(row: ApiKeyRow): z.input<typeof accounts.ApiKey> {
  const { api_key_id, name, scopes, prefix, created_at, expires_at, last_used_at } = row
  return {
    api_key_id,
    name,
    scopes,
    prefix,
    created_at: created_at.toISOString(),
    expires_at: expires_at?.toISOString() ?? null,
    last_used_at: last_used_at?.toISOString() ?? null,
  }
}

export function showInvite(row: InviteRow): z.input<typeof accounts.Invite> {
  const { invite_id, role, note, created_at, expires_at, used_at } = row
  return {
    invite_id,
    role,
    note,
    created_at: created_at.toISOString(),
    expires_at: expires_at.toISOString(),
    used_at: used_at?.toISOString() ?? null,
  }
}
