import { hasCluster, makeCluster } from './cluster.ts'
import { binariesOf, copyBinaries } from './copy-binaries.ts'
import { makeEndpoint } from './endpoint.ts'
import { findBinaries } from './find-binaries.ts'
import { chooseHome, clusterOwner, makeDataDir, makeFiles, recordedHome } from './home.ts'
import { keepRunning } from './keep-running.ts'
import type { Log } from './log.ts'
import { makePassword, readPassword } from './password.ts'
import type { Launch } from './postmaster.ts'
import { readPostmasterFile } from './postmaster-file.ts'
import { chooseRunUser, lookUpAccount, ownerOfFiles, type RunUser } from './run-user.ts'
import { renderSettings, settingsFor } from './settings.ts'
import { writeDurably } from './write-durably.ts'

export interface RunningPostgres {
  /** The socket's directory, or 127.0.0.1 on Windows; `pg` takes either as `host`. */
  host: string
  port: number
  user: 'postgres'
  password: string
  /** Of the server as it runs now: it changes when the server had to be restarted. */
  readonly pid: number
  /** Whether the server was already running: left by a process that was killed, or shared with one that lives. */
  adopted: boolean
  /** Stops the server, unless another process of ours still uses it: then that one looks after it from now on. */
  stop(): Promise<void>
}

export interface PostgresOptions {
  dataDir: string
  log: Log
  /** Over our own settings (settings.ts), for tests and tuning. An adopted server keeps those it was started with. */
  settings?: Record<string, string>
  /** Told each time the server ends by itself. It is restarted in any case. */
  onExit?: (reason: string) => void
  /** Where the database goes when the user it runs as cannot reach DATA_DIR. */
  elsewhere?: string
}

export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { log, settings = {}, onExit = () => {}, elsewhere = defaultElsewhere } = options
  const source = findBinaries()
  const dataDir = makeDataDir(options.dataDir)
  const user = runUser(dataDir, log)
  const home = chooseHome(dataDir, user, elsewhere, log)
  makeFiles(home, user)
  return keepRunning({ dataDir, home, pgCtl: binariesOf(source, home.binaries).pgCtl, log, onExit, prepare })

  async function prepare(): Promise<Launch> {
    const exists = hasCluster(home.cluster, source.major)
    const binaries = await copyBinaries(source, home.binaries, user)
    const password = exists ? readPassword(dataDir) : makePassword(dataDir, user)
    const endpoint = await makeEndpoint(home.root, user, readPostmasterFile(home.cluster)?.endpoint)
    if (!exists) await makeCluster({ dir: home.cluster, binaries, user, password, flush: settings['fsync'] !== 'off' })
    writeDurably(home.configFile, renderSettings({ ...settingsFor(endpoint), ...settings }), {
      mode: 0o644, // the run user reads it; it holds no secret
      owner: ownerOfFiles(user),
    })
    return { home, binaries, user, password, endpoint, log }
  }
}

const defaultElsewhere = process.platform === 'darwin' ? '/usr/local/var/tributary' : '/var/lib/tributary'

function runUser(dataDir: string, log: Log): RunUser {
  const owner = clusterOwner(recordedHome(dataDir))
  return chooseRunUser({ uid: process.getuid?.(), env: process.env, lookUp: lookUpAccount, clusterOwner: owner, log })
}
