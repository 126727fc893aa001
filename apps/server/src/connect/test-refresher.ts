/** For the proof with kills: a process of its own that renews one connection's tokens again and again, or as often as it is told, an hour each time by its clock. */
import { pino } from 'pino'
import { readConfig } from '../config.ts'
import { openDatabase } from '../platform/db/database.ts'
import { createEgress } from '../platform/egress/egress.ts'
import { openSealing } from '../platform/sealing.ts'
import { openConnect } from './connect.ts'

const given = JSON.parse(process.env['REFRESHER'] ?? '{}')
const db = openDatabase({
  address: given.address,
  roleSecret: given.roleSecret,
  maxConnections: 2,
  onError: () => undefined,
})
let now: number = given.now
const connect = await openConnect({
  config: readConfig(given.env),
  dataDir: given.dataDir,
  db,
  sealing: await openSealing(given.encryptionKey, db),
  isKeyChanging: false,
  egress: createEgress(),
  clock: { now: () => now },
  log: pino({ level: 'silent' }),
})
for (let renewed = 0; renewed !== given.renewals; renewed++) {
  now += 3_600_000
  try {
    await (await connect.calls.open(given.ref)).http.get('/v1/user')
  } catch (error) {
    process.stdout.write(`${(error as Error).message}\n`)
    process.exit(3)
  }
}
process.exit(0)
