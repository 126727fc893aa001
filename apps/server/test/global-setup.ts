/** One PostgreSQL for all tests of a run, with a migrated template that each test file copies. Its data is thrown away. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../src/platform/db/migrate.ts'
import { startPostgres } from '../src/platform/postgres/start.ts'

export interface TestCluster {
  host: string
  port: number
  user: string
  password: string
  roleSecret: string
}

declare module 'vitest' {
  interface ProvidedContext {
    cluster: TestCluster
  }
}

export const template = 'trb_template'
const roleSecret = 'only-for-tests-only-for-tests-only-for-tests'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'trb-test-'))
  // Nothing here must outlive a power cut, and tests must not wait for the disk.
  const settings = {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: '300',
    shared_buffers: '128MB',
  }
  const postgres = await startPostgres({ dataDir, settings, log: () => undefined })
  const { host, port, user, password } = postgres
  const admin = new pg.Client({ host, port, user, password, database: 'postgres' })
  await admin.connect()
  await admin.query(`create database ${template}`)
  await migrate({ admin: { host, port, user, password, database: template }, roleSecret })
  await admin.end()
  project.provide('cluster', { host, port, user, password, roleSecret })
  return async () => {
    await postgres.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}
