import { sql } from 'kysely'
import type { Write } from '../db/database.ts'
import { ask, type Querier, type Statement } from '../samples/sql.ts'

export interface SourceOfDevice {
  sourceId: string
  /** It is there because connections told of it, and nothing was ever uploaded to it. */
  isToldOnly: boolean
}

const sourceOfDevice = {
  name: 'sources_of_device',
  text: `
    select s.source_id, d.told_only::int
    from devices d join sources s on s.user_id = d.user_id and s.device_id = d.device_id
    where d.user_id = $1 and d.device_id = $2`,
} as const satisfies Statement

export async function findSourceOfDevice(
  client: Querier,
  userId: string,
  deviceId: string,
): Promise<SourceOfDevice | undefined> {
  const [row] = await ask(client, sourceOfDevice, [userId, deviceId])
  return row?.[0] ? { sourceId: row[0], isToldOnly: row[1] === '1' } : undefined
}

/** From here on what it has is not its connections' alone. */
export async function clearToldOnly(tx: Write, userId: string, deviceId: string): Promise<void> {
  await sql`update devices set told_only = false where user_id = ${userId} and device_id = ${deviceId} and told_only`.execute(
    tx,
  )
}
