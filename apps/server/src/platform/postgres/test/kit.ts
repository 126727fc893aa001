import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import type { LogLine } from '../log.ts'
import { readPostmasterFile } from '../postmaster-file.ts'
import { isPostmasterOf } from '../processes.ts'
import { type PostgresOptions, type RunningPostgres, startPostgres } from '../start.ts'

/** Quick to start; what these tests kill is never the machine. */
const small = { fsync: 'off', shared_buffers: '16MB' }

export const isRoot = process.getuid?.() === 0

const cleanUps: (() => unknown)[] = []

/** After each test. Last come, first served: servers stop before their directories go. */
export async function cleanUp(): Promise<void> {
  for (let clean = cleanUps.pop(); clean; clean = cleanUps.pop()) await clean()
}

/** An empty directory that every user may enter, removed after the test together with whatever server is left in it. */
export function makeDir(prefix = 'tributary-pg-'): string {
  const dir = mkdtempSync(join(tmpdir(), prefix))
  chmodSync(dir, 0o755)
  cleanUps.push(async () => {
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
  })
  return dir
}

let template: Promise<string> | undefined
let templateDir: string | undefined

/** After all tests of a file. */
export function removeTemplate(): void {
  if (templateDir) rmSync(templateDir, { recursive: true, force: true })
  template = templateDir = undefined
}

/** A data directory with a database that was started and stopped once, copied from one made for the whole file: most traps come after the first start. */
export async function makeDatabase(): Promise<string> {
  template ??= makeTemplate()
  const dir = makeDir()
  execFileSync('cp', ['-a', `${await template}/.`, dir])
  return dir
}

async function makeTemplate(): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'tributary-pg-template-'))
  chmodSync(dir, 0o755)
  templateDir = dir
  const postgres = await startPostgres({ dataDir: join(dir, 'data'), settings: small, log: () => {} })
  await postgres.stop()
  // The programs are shared, not copied each time; the server looks for its libraries where they really are.
  renameSync(join(dir, 'data', 'postgres-bin'), join(dir, 'postgres-bin'))
  symlinkSync(join(dir, 'postgres-bin'), join(dir, 'data', 'postgres-bin'))
  return join(dir, 'data')
}

export interface Started {
  postgres: RunningPostgres
  lines: LogLine[]
  exits: string[]
}

export async function start(dataDir: string, options: Partial<PostgresOptions> = {}): Promise<Started> {
  const lines: LogLine[] = []
  const exits: string[] = []
  const postgres = await startPostgres({
    dataDir,
    elsewhere: join(dataDir, 'not-used'),
    settings: small,
    log: (line) => lines.push(line),
    onExit: (reason) => exits.push(reason),
    ...options,
  })
  cleanUps.push(() => postgres.stop())
  return { postgres, lines, exits }
}

export type Address = Pick<RunningPostgres, 'host' | 'port' | 'password'>

export interface Holder extends Address {
  child: ChildProcess
  /** The database's process, not ours. */
  pid: number
  adopted: boolean
  /** Ends our process, not the database's. */
  kill(signal: NodeJS.Signals): Promise<void>
}

export interface Hold {
  uid?: number
  gid?: number
  env?: NodeJS.ProcessEnv
  elsewhere?: string
  /** A command that runs the process, such as one that takes rights away. */
  through?: string[]
}

/** The same start in a process of its own. */
export async function hold(
  dataDir: string,
  { elsewhere = join(dataDir, 'not-used'), ...rest }: Hold = {},
): Promise<Holder> {
  const { child, ended } = spawnHolder(dataDir, elsewhere, rest)
  const { promise: line, resolve } = Promise.withResolvers<string>()
  if (child.stdout) createInterface(child.stdout).once('line', resolve)
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said += chunk
  })
  const first = await Promise.race([line, ended])
  if (first === undefined) throw new Error(`the holder ended: ${said}`)
  const kill = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await ended
  }
  return { child, kill, ...JSON.parse(first) }
}

export function spawnHolder(
  dataDir: string,
  elsewhere: string,
  { env = {}, through = [], ...identity }: Omit<Hold, 'elsewhere'> = {},
) {
  const [program = '', ...args] = [
    ...through,
    process.execPath,
    fileURLToPath(new URL('./hold.ts', import.meta.url)),
    dataDir,
    elsewhere,
  ]
  const child = spawn(program, args, {
    ...identity,
    cwd: '/',
    env: { ...process.env, SUDO_UID: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a group of its own, which a test can signal whole
  })
  const { promise: ended, resolve } = Promise.withResolvers<undefined>()
  child.once('exit', () => resolve(undefined))
  cleanUps.push(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await ended
    await endServer(join(dataDir, 'postgres'))
  })
  return { child, ended }
}

/** What a killed holder left running, unless the test ended it. */
async function endServer(cluster: string): Promise<void> {
  const pid = existsSync(cluster) ? readPostmasterFile(cluster)?.pid : undefined
  if (!pid || !isPostmasterOf(pid, cluster)) return
  process.kill(pid, 'SIGQUIT')
  await until(() => !isPostmasterOf(pid, cluster))
}

/** One statement on a connection of its own; the rows. */
export async function ask<Row>({ host, port, password }: Address, sql: string): Promise<Row[]> {
  const client = new Client({ host, port, password, user: 'postgres', database: 'postgres' })
  client.on('error', () => {}) // the server's end is what some of these tests are about; the query rejects by itself
  await client.connect()
  try {
    return (await client.query(sql)).rows as Row[]
  } finally {
    await client.end()
  }
}

/** Waits for a fact. It gives up, with what it waited for, long after anything healthy would have happened. */
export async function until<T>(fact: () => T | Promise<T>, withinMs = 20_000): Promise<NonNullable<T>> {
  for (const end = Date.now() + withinMs; ; await delay(20)) {
    const value = await fact()
    if (value) return value
    if (Date.now() > end) throw new Error(`never came true: ${fact}`)
  }
}
