import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'

export interface InviteRow {
  invite_id: string
  role: 'admin' | 'member' | 'viewer'
  note: string | null
  created_at: Date
  expires_at: Date
  used_at: Date | null
}

export interface NewInvite extends Omit<InviteRow, 'used_at'> {
  user_id: string
  code_hash: Buffer
}

export async function insertInvite(tx: Write, invite: NewInvite): Promise<void> {
  await sql`
    insert into invites (user_id, invite_id, code_hash, role, note, created_at, expires_at)
    values (${invite.user_id}, ${invite.invite_id}, ${invite.code_hash}, ${invite.role}, ${invite.note}, ${invite.created_at}, ${invite.expires_at})`.execute(
    tx,
  )
}

export async function listInvitesOf(tx: Read, userId: string, used: boolean | null): Promise<InviteRow[]> {
  const { rows } = await sql<InviteRow>`
    select invite_id, role, note, created_at, expires_at, used_at
    from invites
    where user_id = ${userId} and (${used}::boolean is null or (used_at is not null) = ${used}::boolean)
    order by created_at desc, invite_id desc`.execute(tx)
  return rows
}

/** Uses the invite up, under its inviter's name. False when somebody was first or it has ended. */
export async function useInvite(
  tx: Write,
  inviterId: string,
  inviteId: string,
  by: string,
  at: Date,
): Promise<boolean> {
  const { rows } = await sql`
    update invites set used_at = ${at}, used_by = ${by}
    where user_id = ${inviterId} and invite_id = ${inviteId} and used_at is null and expires_at > ${at}
    returning 1`.execute(tx)
  return rows.length > 0
}

export async function deleteInviteOf(tx: Write, userId: string, inviteId: string): Promise<boolean> {
  const { rows } = await sql`
    delete from invites where user_id = ${userId} and invite_id = ${inviteId} returning 1`.execute(tx)
  return rows.length > 0
}
