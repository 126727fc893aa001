import fc from 'fast-check'
import type pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { asAdmin, type FreshDatabase, freshDatabase } from '../../../test/kit.ts'
import { dumpSchema } from './dump.ts'
import { loadMigrations, type Migration, MigrationError, migrate } from './migrate.ts'
import { statementsOf } from './statements.ts'

const databases: FreshDatabase[] = []
afterEach(async () => {
  for (const database of databases.splice(0)) await database.drop()
})

async function empty(): Promise<FreshDatabase> {
  const database = await freshDatabase({ from: 'template0' })
  databases.push(database)
  return database
}

const schemaOf = (database: FreshDatabase) => asAdmin(database.admin, (client) => dumpSchema(client))

test('migrating twice changes nothing the second time', async () => {
  const database = await empty()
  const first = await migrate({ admin: database.admin, roleSecret: database.roleSecret })
  const before = await schemaOf(database)
  const second = await migrate({ admin: database.admin, roleSecret: database.roleSecret })
  expect(first.length).toBeGreaterThan(3)
  expect(second).toEqual([])
  expect(await schemaOf(database)).toBe(before)
})

test('two processes that migrate at once end with one schema', async () => {
  const database = await empty()
  const ran = await Promise.all(
    [0, 1, 2].map(() => migrate({ admin: database.admin, roleSecret: database.roleSecret })),
  )
  const names = (await loadMigrations()).map(({ name }) => name)
  expect(ran.flat()).toEqual(names)
})

test('a migration that is killed at any statement is resumed with the same schema', async () => {
  const whole = await empty()
  await migrate({ admin: whole.admin, roleSecret: whole.roleSecret })
  const wanted = await schemaOf(whole)
  const places = (await loadMigrations()).flatMap(({ name, source }) =>
    [...statementsOf(source), 'the record of it'].map((_, at) => ({ name, at })),
  )
  const drawn = process.env['DEEP'] ? places : fc.sample(fc.constantFrom(...places), 3)
  for (const place of drawn) {
    const database = await empty()
    await expect(migrateKilledAt(database, place)).rejects.toThrow()
    await migrate({ admin: database.admin, roleSecret: database.roleSecret })
    expect(await schemaOf(database), `killed at ${place.name}:${place.at}`).toBe(wanted)
  }
}, 600_000)

/** Ends the migration's connection from outside, just before the statement. */
async function migrateKilledAt(database: FreshDatabase, place: { name: string; at: number }): Promise<void> {
  await migrate({
    admin: database.admin,
    roleSecret: database.roleSecret,
    onStatement: async (name, at) => {
      if (name !== place.name || at !== place.at) return
      await asAdmin({ ...database.admin, database: 'postgres' }, (client) =>
        client.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tributary-migrate' and datname = $1`,
          [database.name],
        ),
      )
    },
  })
}

test('a migration that was changed after it ran stops the start', async () => {
  const database = await empty()
  const one: Migration = { name: '0001_one.sql', source: 'create table one (id int)', checksum: 'a' }
  await migrate({ admin: database.admin, roleSecret: database.roleSecret, migrations: [one] })
  const changed = migrate({
    admin: database.admin,
    roleSecret: database.roleSecret,
    migrations: [{ ...one, checksum: 'b' }],
  })
  await expect(changed).rejects.toThrow('0001_one.sql was changed after it ran')
})

test('a database of a newer version stops the start', async () => {
  const database = await empty()
  const one: Migration = { name: '0001_one.sql', source: 'create table one (id int)', checksum: 'a' }
  const two: Migration = { name: '0002_two.sql', source: 'create table two (id int)', checksum: 'b' }
  await migrate({ admin: database.admin, roleSecret: database.roleSecret, migrations: [one, two] })
  await expect(migrate({ admin: database.admin, roleSecret: database.roleSecret, migrations: [one] })).rejects.toThrow(
    MigrationError,
  )
})

test('a user who may make roles but is no superuser can migrate a database that is theirs', async () => {
  const database = await empty()
  const maker = `maker_${database.name}`
  await asAdmin(database.admin, async (client) => {
    await client.query(`create role ${maker} login createrole password 'a-password-for-one-test'`)
    await client.query(`alter database ${database.name} owner to ${maker}`)
    for (const role of ['trb_owner', 'trb_app', 'trb_writer', 'trb_lookup', 'trb_audit'])
      await client.query(`grant ${role} to ${maker} with admin option`)
  })
  const admin: pg.ClientConfig = { ...database.admin, user: maker, password: 'a-password-for-one-test' }
  const ran = await migrate({ admin, roleSecret: database.roleSecret })
  expect(ran.length).toBeGreaterThan(3)
})
