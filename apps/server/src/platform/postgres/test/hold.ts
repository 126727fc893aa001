// A process of ours that tests can kill: starts the database of argv[2], says so in one line of JSON, and keeps it until SIGTERM.
// Lines it would log go to stderr; SIGINT is left to do nothing, so that a test can see what else it reaches.
import { startPostgres } from '../start.ts'

const [, , dataDir = '', elsewhere = ''] = process.argv
const postgres = await startPostgres({
  dataDir,
  elsewhere,
  settings: { fsync: 'off', shared_buffers: '16MB' },
  log: (line) => console.error(JSON.stringify(line)),
})
process.on('SIGINT', () => {})
process.on('SIGTERM', async () => {
  await postgres.stop()
  process.exit(0)
})
const { host, port, password, pid, adopted } = postgres
console.log(JSON.stringify({ host, port, password, pid, adopted }))
setInterval(() => {}, 60_000)
