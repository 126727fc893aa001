import { demoSources } from '@tributary/emulators/people'
import { uuidv7 } from 'uuidv7'
import type { Write } from '../platform/db/database.ts'
import { insertDemo, insertDevice } from './demos.queries.ts'

/** The demo's row, its devices and their sources; the loader does the rest. A second time it changes nothing. */
export async function makeDemo(tx: Write, userId: string, now: number): Promise<void> {
  const until = new Date(now)
  if (!(await insertDemo(tx, userId, until))) return
  for (const device of demoSources)
    await insertDevice(tx, userId, { ...device, deviceId: uuidv7(), sourceId: uuidv7(), seen: until })
}
