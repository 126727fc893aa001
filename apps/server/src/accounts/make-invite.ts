import { uuidv7 } from 'uuidv7'
import type { Write } from '../platform/db/database.ts'
import { hashToken, makeToken } from '../platform/tokens.ts'
import { type InviteRow, insertInvite } from './invites.queries.ts'

const weekMs = 7 * 86_400_000

/** The code is in the answer and nowhere else. */
export async function makeInvite(
  tx: Write,
  inviterId: string,
  { role, note, nowMs }: { role: InviteRow['role']; note: string | null; nowMs: number },
): Promise<{ row: InviteRow; code: string }> {
  const code = makeToken('invite')
  const row = {
    invite_id: uuidv7(),
    role,
    note,
    created_at: new Date(nowMs),
    expires_at: new Date(nowMs + weekMs),
  }
  await insertInvite(tx, { ...row, user_id: inviterId, code_hash: hashToken(code) })
  return { row: { ...row, used_at: null }, code }
}
