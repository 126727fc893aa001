import { ask, type Querier, type Statement } from '../samples/sql.ts'

const sourceOfDevice = {
  name: 'sources_of_device',
  text: `
    select s.source_id
    from devices d join sources s on s.user_id = d.user_id and s.device_id = d.device_id
    where d.user_id = $1 and d.device_id = $2`,
} as const satisfies Statement

export async function findSourceOfDevice(
  client: Querier,
  userId: string,
  deviceId: string,
): Promise<string | undefined> {
  const [row] = await ask(client, sourceOfDevice, [userId, deviceId])
  return row?.[0] ?? undefined
}
