import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asAdmin, type FreshDatabase, freshDatabase, startServer, type TestServer } from '../../test/kit.ts'
import { spellings } from '../../test/secrets.ts'
import { resealHookSecrets } from '../platform/hooks/hook-secrets.ts'
import { sealRecord } from '../platform/seal-record.ts'
import { openSealing } from '../platform/sealing.ts'

const former = 'sealing-in-tests-sealing-in-tests-sealing' // as the kit's servers are
const next = 'the next key, thirty-two characters and more'

let database: FreshDatabase
let server: TestServer
let logged = ''
beforeAll(async () => {
  database = await freshDatabase()
  server = await startServer({ database })
})
afterAll(async () => {
  await server?.stop()
  await database?.drop()
})

test('what no key opens any more holds up nothing when the key is changed, and the operator is told once which it is', async () => {
  const { token } = await server.owner()
  for (const brand of ['polar', 'strava', 'wahoo'])
    await server.call('PUT', `/api/v1/provider-apps/${brand}`, {
      token,
      body: { client_id: 'ours', client_secret: `a secret of ${brand}`, extra: {} },
    })
  const stranger = sealRecord(randomBytes(32), 'of-another-house', 'somewhere', 'nobody reads this')
  await asAdmin(database.admin, async (client) => {
    await client.query(`update tributary.provider_apps set sealed_secret = $1 where provider = 'polar'`, [stranger])
    await client.query(`update tributary.hook_secrets set sealed_secret = $1 where provider = 'polar'`, [stranger])
  })
  await server.stop()

  const write = (line: string) => {
    logged += line
  }
  const log = pino({ level: 'info' }, { write })
  server = await startServer({
    database,
    log,
    env: { ENCRYPTION_KEY: next, ENCRYPTION_KEY_PREVIOUS: former },
  })
  const told = () => logged.split('\n').filter((line) => line.includes('"lost"'))
  await expect.poll(told, { timeout: 10_000 }).toHaveLength(1)
  expect(JSON.parse(told()[0] ?? '')).toMatchObject({
    level: 40,
    lost: ['provider_apps polar sealed_secret', 'hook_secrets polar sealed_secret'],
    apps: 2,
    msg: expect.stringContaining('ENCRYPTION_KEY_PREVIOUS is not needed any more'),
  })
  for (const form of spellings('nobody reads this')) expect(logged).not.toContain(form)
  expect(logged).not.toContain(stranger)

  const sealing = await openSealing(next, server.parts.db)
  const left = await server.parts.db.asWriter((tx) =>
    sql<{ provider: string; sealed: string }>`
      select provider, sealed_secret as sealed from provider_apps union all select provider, sealed_secret from hook_secrets`.execute(
      tx,
    ),
  )
  const old = left.rows.filter(({ sealed }) => !sealing.isCurrent(sealed))
  expect(old).toEqual([
    { provider: 'polar', sealed: stranger },
    { provider: 'polar', sealed: stranger },
  ])
  expect(await resealHookSecrets(server.parts.db, sealing)).toEqual({
    rows: 0,
    lost: ['hook_secrets polar sealed_secret'],
  })
})
