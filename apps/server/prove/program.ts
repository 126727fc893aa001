/** The program as a process that can be killed: its own data directory, its own embedded database, everything durable. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { embeddedAdmin } from '../test/embedded-admin.ts'

const entries = {
  main: fileURLToPath(new URL('../src/main.ts', import.meta.url)),
  compacting: fileURLToPath(new URL('compacting-program.ts', import.meta.url)),
}
export const owner = { email: 'owner@example.org', password: 'a long sentence nobody guesses' }

export interface Program {
  readonly url: string
  /** Of the program itself, without its database; undefined while it does not run. */
  readonly pid: number | undefined
  start(): Promise<void>
  /** Ends the process at once, as a power cut of its own would. Its database stays. */
  kill(): Promise<void>
  /** It does nothing until it is thawed or killed: what it is at can be looked at. */
  freeze(): void
  thaw(): void
  /** Ends the database at once; the program has to bring it back. */
  restartDatabase(): Promise<void>
  stop(): Promise<void>
  /** A superuser's look behind the curtain. */
  look<T>(work: (client: pg.Client) => Promise<T>): Promise<T>
}

export interface ProgramOptions {
  env?: Record<string, string>
  /** Whether it compacts a day as soon as it is over. */
  compacting?: boolean
}

export function createProgram(
  dataDir: string,
  port: number,
  { env = {}, compacting = false }: ProgramOptions = {},
): Program {
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess | undefined
  let said = ''
  const ended = async (signal: NodeJS.Signals) => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  return {
    url,
    get pid() {
      return child?.pid
    },
    start: async () => {
      said = ''
      const own = spawn(process.execPath, [compacting ? entries.compacting : entries.main], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          DATA_DIR: dataDir,
          PORT: String(port),
          OWNER_EMAIL: owner.email,
          OWNER_PASSWORD: owner.password,
          LOG_LEVEL: 'WARNING',
          ...env,
        },
      })
      child = own
      for (const stream of [own.stdout, own.stderr])
        stream?.on('data', (chunk: Buffer) => (said = (said + chunk).slice(-8_000)))
      for (const begun = Date.now(); ; ) {
        if (own.exitCode !== null || own.signalCode !== null)
          throw new Error(`the program ended with ${own.exitCode ?? own.signalCode}:\n${said}`)
        if (
          await fetch(`${url}/health`).then(
            (answer) => answer.ok,
            () => false,
          )
        )
          return
        if (Date.now() - begun > 60_000) throw new Error(`no /health within a minute:\n${said}`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    kill: () => ended('SIGKILL'),
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    stop: () => ended('SIGTERM'),
    restartDatabase: async () => {
      const pid = Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0])
      process.kill(pid, 'SIGQUIT') // immediate shutdown: no checkpoint, recovery from the log at the next start
    },
    look: async (work) => {
      const client = new pg.Client(await embeddedAdmin(dataDir))
      await client.connect()
      try {
        return await work(client)
      } finally {
        await client.end()
      }
    },
  }
}
