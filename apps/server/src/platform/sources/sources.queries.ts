import { sql } from 'kysely'
import type { Read } from '../db/database.ts'

export async function findSourceOfDevice(tx: Read, userId: string, deviceId: string): Promise<string | undefined> {
  const { rows } = await sql<{ source_id: string }>`
    select s.source_id
    from devices d join sources s on s.user_id = d.user_id and s.device_id = d.device_id
    where d.user_id = ${userId} and d.device_id = ${deviceId}`.execute(tx)
  return rows[0]?.source_id
}
