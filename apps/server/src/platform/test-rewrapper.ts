/** For the proof with kills: a process of its own that wraps everybody's keys anew and says a dot for each. */
import { openDatabase } from './db/database.ts'
import { openSealing } from './sealing.ts'

const { address, roleSecret, next, former } = JSON.parse(process.env['REWRAPPER'] ?? '{}')
const db = openDatabase({ address, roleSecret, maxConnections: 2, onError: () => undefined })
const told: Pick<typeof db, 'asWriter' | 'write'> = {
  asWriter: db.asWriter,
  write: async (...args) => {
    const done = await db.write(...args)
    process.stdout.write('.')
    return done
  },
}
const sealing = await openSealing(next, told, [former])
await sealing.rewrap()
process.exit(0)
