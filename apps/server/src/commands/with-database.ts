import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import type pg from 'pg'
import { type CommandEdges, CommandError } from '../accounts/commands.ts'
import { type Config, dataDirOf, readConfig } from '../config.ts'
import { findDatabase } from '../find-database.ts'
import { systemClock } from '../platform/clock.ts'
import { addressOf } from '../platform/db/address.ts'
import { openDatabase } from '../platform/db/database.ts'
import { migrate } from '../platform/db/migrate.ts'
import { createLog } from '../platform/log.ts'
import { loadSecrets, type Secrets } from '../platform/secrets.ts'
import { readSettings } from './settings-given.ts'

export interface DatabaseEdges extends CommandEdges {
  /** A connection that may make roles and schemas. */
  admin: pg.ClientConfig
  config: Config
  dataDir: string
  secrets: Secrets
  /** Of ENCRYPTION_KEY, while it is being changed. */
  formerKeys: readonly string[]
}

/** Opens the database of this installation for one command: beside a server that runs, or alone. */
export async function withDatabase<T>(
  words: readonly string[],
  work: (edges: DatabaseEdges) => Promise<T>,
): Promise<T> {
  const config = readConfig(readSettings(words))
  const log = createLog({ level: 'ERROR', debug: false, service: config.SERVICE_NAME, environment: config.ENVIRONMENT })
  const dataDir = dataDirOf(config)
  if (config.DATABASE_URL) await mkdir(dataDir, { recursive: true })
  else if (!existsSync(dataDir))
    throw new CommandError(`there is no data in ${dataDir}: say where it is with --data-dir, or start the server once`)
  const secrets = await loadSecrets(dataDir, {
    encryptionKey: config.ENCRYPTION_KEY,
    jwtKey: config.JWT_SECRET_KEY,
    databaseRoles: config.DATABASE_ROLE_SECRET,
  })
  const { admin, stop } = await findDatabase(config, dataDir, log)
  try {
    await migrate({ admin, roleSecret: secrets.databaseRoles })
    const db = openDatabase({
      address: addressOf(admin),
      roleSecret: secrets.databaseRoles,
      maxConnections: 2,
      onError: (error) => log.error({ err: error }, 'the connection to the database was lost'),
    })
    try {
      const formerKeys = [...config.ENCRYPTION_KEY_PREVIOUS, ...secrets.formerKeys]
      return await work({ admin, db, clock: systemClock, config, dataDir, secrets, formerKeys })
    } finally {
      await db.close()
    }
  } finally {
    await stop()
  }
}
