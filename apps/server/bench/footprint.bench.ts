/** Starting and standing idle: what somebody notices who runs it on a small machine at home. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startPostgres } from '../src/platform/postgres/start.ts'
import { freePort } from '../test/free-port.ts'
import { atMost, type Figure, median, round } from './figure.ts'
import { pssMb, withChildren } from './processes.ts'
import { untilHealthy } from './under-test.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

export async function benchFootprint(): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'trb-bench-foot-'))
  try {
    await starting(dataDir) // the first start makes the database; a warm one is asked for
    const warm = [await starting(dataDir), await starting(dataDir), await starting(dataDir)]
    return [
      atMost(
        'npm start warm: seconds to /health',
        median(warm) / 1_000,
        2,
        's',
        warm.map((ms) => round(ms / 1_000)).join(', '),
      ),
      await idle(dataDir),
      ...(await databaseStarts()),
    ]
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function npmStart(dataDir: string): Promise<{ child: ChildProcess; ms: number }> {
  const port = await freePort()
  const child = spawn('npm', ['start', '--silent'], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DATA_DIR: dataDir, PORT: String(port) },
  })
  return { child, ms: await untilHealthy(`http://127.0.0.1:${port}`, child) }
}

async function end(child: ChildProcess): Promise<void> {
  process.kill(-(child.pid ?? 0), 'SIGTERM')
  await once(child, 'exit')
}

async function starting(dataDir: string): Promise<number> {
  const { child, ms } = await npmStart(dataDir)
  await end(child)
  return ms
}

/** Server and database, a minute after a fresh start with nothing to do. npm and the launcher around them are not the product. */
async function idle(dataDir: string): Promise<Figure> {
  const { child } = await npmStart(dataDir)
  await new Promise((resolve) => setTimeout(resolve, 60_000))
  const all = withChildren([child.pid ?? 0]).map(({ pid }) => pid)
  const servers = all.filter(
    (pid) => command(pid).includes('apps/server/src/main.ts') && !command(pid).includes('launch.mjs'),
  )
  const database = withChildren([...all, ...postmasters(dataDir)])
    .map(({ pid }) => pid)
    .filter((pid) => command(pid).includes('postgres'))
  const own = pssMb(servers)
  const base = pssMb([...new Set(database)])
  await end(child)
  return atMost(
    'idle server with its database, 60 s after a start (PSS)',
    own + base,
    220,
    'MB',
    `server ${round(own)} MB, database ${round(base)} MB`,
  )
}

function postmasters(dataDir: string): number[] {
  const pid = Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
  return pid ? [pid] : []
}

function command(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return '' // ended meanwhile
  }
}

async function databaseStarts(): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'trb-bench-pg-'))
  const timed = async () => {
    const begun = performance.now()
    const running = await startPostgres({ dataDir, log: () => undefined })
    return { running, seconds: (performance.now() - begun) / 1_000 }
  }
  try {
    const first = await timed()
    await first.running.stop()
    const again = await timed()
    const before = again.running.pid
    const begun = performance.now()
    process.kill(before, 'SIGKILL')
    while (again.running.pid === before) await new Promise((resolve) => setTimeout(resolve, 10))
    const healed = (performance.now() - begun) / 1_000
    await again.running.stop()
    return [
      atMost('first boot of the database', first.seconds, 3, 's'),
      atMost('restart of the database', again.seconds, 1, 's'),
      atMost('the database back after kill -9 of its postmaster', healed, 5, 's'),
    ]
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}
