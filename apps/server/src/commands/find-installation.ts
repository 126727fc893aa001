import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import type pg from 'pg'
import { CommandError } from '../accounts/commands.ts'
import { dataDirOf, readConfig } from '../config.ts'
import { findDatabase } from '../find-database.ts'
import { createLog } from '../platform/log.ts'
import { loadSecrets, type Secrets } from '../platform/secrets.ts'
import { readSettings } from './settings-given.ts'

export interface InstallationOptions {
  dataDir?: string
  databaseUrl?: string
}

export interface Installation {
  dataDir: string
  secrets: Secrets
  /** A connection that may make roles and schemas. */
  admin: pg.ClientConfig
  /** The database lives in dataDir. */
  isEmbedded: boolean
  stop(): Promise<void>
}

export const installationWords = ({ dataDir, databaseUrl }: InstallationOptions): string[] => [
  ...(dataDir ? ['--data-dir', dataDir] : []),
  ...(databaseUrl ? ['--database-url', databaseUrl] : []),
]

/** The installation that the settings name, with its schema as it is: beside a server that runs, or alone. */
export async function findInstallation(
  words: readonly string[],
  { make = false }: { make?: boolean } = {},
): Promise<Installation> {
  const config = readConfig(readSettings(words))
  const log = createLog({ level: 'ERROR', debug: false, service: config.SERVICE_NAME, environment: config.ENVIRONMENT })
  const dataDir = dataDirOf(config)
  if (!config.DATABASE_URL && !make && !existsSync(dataDir))
    throw new CommandError(`there is no data in ${dataDir}: say where it is with --data-dir, or start the server once`)
  await mkdir(dataDir, { recursive: true })
  const secrets = await loadSecrets(dataDir, {
    encryptionKey: config.ENCRYPTION_KEY,
    jwtKey: config.JWT_SECRET_KEY,
    databaseRoles: config.DATABASE_ROLE_SECRET,
  })
  const { admin, stop } = await findDatabase(config, dataDir, log)
  return { dataDir, secrets, admin, isEmbedded: !config.DATABASE_URL, stop }
}
