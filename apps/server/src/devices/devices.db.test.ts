import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { writeRide } from '@tributary/formats/testing'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { asAdmin, type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import { importFiles } from '../imports/test-uploads.ts'
import type { Device } from './device-view.ts'

let server: TestServer
let owner: SignedInPerson

beforeAll(async () => {
  server = await startServer()
  owner = await server.owner()
})
afterAll(() => server?.stop())

interface Answer {
  status: number
  headers: Headers
  body: Record<string, unknown>
}

const call = async (method: string, path: string, body?: unknown, token = owner.token, headers = {}): Promise<Answer> =>
  server.call(method, `/api/v1${path}`, { token, headers, ...(body === undefined ? {} : { body }) })

/** The body of document 2's own unit test. */
const fitbit = {
  device_type: 'fitbit_charge_5',
  device_name: 'My Fitbit',
  manufacturer: 'Fitbit',
  model: 'Charge 5',
  serial_number: 'FB123456789',
  integration_type: 'api',
}

const register = async (body: object = {}): Promise<string> => {
  const { serial_number: _, ...rest } = fitbit
  const made = await call('POST', '/devices', { ...rest, ...body })
  expect(made.status).toBe(201)
  return made.body['device_id'] as string
}

test('test_register_device: a device is registered and answered with its id', async () => {
  const { status, body } = await call('POST', '/devices', fitbit)
  expect(status).toBe(201)
  expect(body).toMatchObject({ status: 'registered', sync_status: 'pending', last_sync: null })
  expect(body).toHaveProperty('device_id')
})

test('test_get_devices: the devices of a person are a list', async () => {
  await register()
  const { status, body } = await call('GET', '/devices')
  expect(status).toBe(200)
  expect(Array.isArray(body)).toBe(true)
})

test('test_device_sync_flow: register, trigger a sync, read the health', async () => {
  const id = await register({ device_name: 'Test Fitbit' })
  expect((await call('POST', `/devices/${id}/sync`)).status).toBe(202)
  expect((await call('GET', `/devices/${id}/health`)).status).toBe(200)
})

test('a new device syncs one interval after it was registered, unless it does not sync by itself', async () => {
  const auto = await call('POST', '/devices', {
    ...fitbit,
    serial_number: 'A1',
    sync_settings: { sync_interval_minutes: 30 },
  })
  const { created_at, next_sync } = auto.body as { created_at: string; next_sync: string }
  expect(Date.parse(next_sync) - Date.parse(created_at)).toBe(30 * 60_000)
  const still = await call('POST', '/devices', { ...fitbit, serial_number: 'A2', sync_settings: { auto_sync: false } })
  expect(still.body['next_sync']).toBeNull()
})

test('the same maker and serial are one device, however the maker is written', async () => {
  const first = await call('POST', '/devices', { ...fitbit, serial_number: 'ONCE' })
  const again = await call('POST', '/devices', { ...fitbit, manufacturer: 'FITBIT', serial_number: 'ONCE' })
  expect(again.status).toBe(409)
  expect(again.body).toMatchObject({ code: 'device_exists', device_id: first.body['device_id'] })
  expect((await call('POST', '/devices', { ...fitbit, manufacturer: 'Garmin', serial_number: 'ONCE' })).status).toBe(
    201,
  )
})

test('ten requests that register the same serial at once make one device', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => call('POST', '/devices', { ...fitbit, serial_number: 'RACE' })),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)])
  const { device_id } = answers.find(({ status }) => status === 201)?.body ?? {}
  for (const { status, body } of answers) if (status === 409) expect(body['device_id']).toBe(device_id)
})

test('a serial without a maker is unique too', async () => {
  const { manufacturer: _, ...nameless } = { ...fitbit, serial_number: 'NOMAKER' }
  expect((await call('POST', '/devices', nameless)).status).toBe(201)
  expect((await call('POST', '/devices', nameless)).status).toBe(409)
})

test('two people may own devices with the same serial', async () => {
  const other = await server.person()
  expect((await call('POST', '/devices', { ...fitbit, serial_number: 'SHARED' })).status).toBe(201)
  expect((await call('POST', '/devices', { ...fitbit, serial_number: 'SHARED' }, other.token)).status).toBe(201)
})

test("somebody else's device is not there", async () => {
  const other = await server.person()
  const id = await register()
  const paths: [string, string, object?][] = [
    ['GET', `/devices/${id}`],
    ['PUT', `/devices/${id}`, { device_name: 'Mine' }],
    ['DELETE', `/devices/${id}`],
    ['GET', `/devices/${id}/health`],
    ['POST', `/devices/${id}/health`, { battery_level: 3 }],
    ['POST', `/devices/${id}/token`],
    ['DELETE', `/devices/${id}/token`],
    ['POST', `/devices/${id}/sync`],
  ]
  for (const [method, path, body] of paths) expect((await call(method, path, body, other.token)).status, path).toBe(404)
  expect((await call('GET', `/devices/${id}`)).body).toMatchObject({ device_name: 'My Fitbit', battery_level: null })
})

test('credentials are never shown, and stand sealed in the database', async () => {
  const credentials = {
    access_token: 'canary-access',
    refresh_token: 'canary-refresh',
    expires_at: '2023-12-31T23:59:59Z',
  }
  const id = await register({ credentials })
  const shown = await call('GET', `/devices/${id}`)
  expect(shown.body['has_credentials']).toBe(true)
  expect(JSON.stringify(shown.body)).not.toContain('canary')
  const secrets = await server.parts.db.read({ userId: owner.userId }, (tx) =>
    tx.selectFrom('connection_secrets').selectAll().where('name', '=', `device:${id}`).execute(),
  )
  expect(secrets).toHaveLength(1)
  expect(secrets[0]?.sealed).not.toContain('canary')
  const { connection_id = '', name = '', sealed = '' } = secrets[0] ?? {}
  const opened = await server.parts.db.read({ userId: owner.userId }, (tx) =>
    server.parts.sealing.open(
      tx,
      {
        userId: owner.userId,
        table: 'connection_secrets',
        row: `${connection_id}/${name}`,
        column: 'sealed',
        provider: 'fitbit',
      },
      sealed,
    ),
  )
  expect(JSON.parse(opened)).toEqual(credentials)
})

test('two devices of one maker share a connection, and the last one to leave ends it', async () => {
  const person = await server.person()
  const connections = () =>
    server.parts.db.read({ userId: person.userId }, (tx) => tx.selectFrom('connections').select(['provider']).execute())
  const ids: string[] = []
  for (const n of [1, 2]) {
    const body = { ...fitbit, serial_number: `C${n}`, credentials: { access_token: `t${n}` } }
    ids.push((await call('POST', '/devices', body, person.token)).body['device_id'] as string)
  }
  expect(await connections()).toEqual([{ provider: 'fitbit' }])
  expect((await call('PUT', `/devices/${ids[0]}`, { credentials: null }, person.token)).body['has_credentials']).toBe(
    false,
  )
  expect(await connections()).toHaveLength(1)
  await call('DELETE', `/devices/${ids[1]}`, undefined, person.token)
  expect(await connections()).toHaveLength(0)
})

test('whoever names another’s account beside a made-up token has nothing of that account', async () => {
  const [victim, thief] = [await server.person(), await server.person()]
  await server.parts.db.write({ userId: victim.userId }, (tx) =>
    sql`insert into connections (user_id, connection_id, provider, provider_account, short_id, status)
      values (${victim.userId}, ${randomUUID()}, 'garmin', 'the account', 'garmin', 'active')`.execute(tx),
  )
  const named = ['provider_user_id', 'user_external_id', 'athlete_id', 'x_user_id', 'account']
  for (const [n, name] of named.entries())
    await call(
      'POST',
      '/devices',
      {
        ...{ device_type: 'garmin_watch', device_name: 'w', integration_type: 'api', serial_number: `T${n}` },
        credentials: { access_token: 'made up', [name]: 'the account' },
      },
      thief.token,
    )
  const accounts = await server.parts.db.read({ userId: thief.userId }, (tx) =>
    tx.selectFrom('connections').select(['provider', 'provider_account']).execute(),
  )
  expect(accounts, 'no notice for the account finds it').toEqual([{ provider: 'garmin', provider_account: '' }])
})

test('PUT changes only the keys given', async () => {
  const id = await register({ sync_settings: { sync_interval_minutes: 60, sync_historical_days: 7 } })
  const before = (await call('GET', `/devices/${id}`)).body as unknown as Device
  const { status, body } = await call('PUT', `/devices/${id}`, {
    device_name: 'Left wrist',
    sync_settings: { auto_sync: false },
  })
  expect(status).toBe(200)
  expect(body).toEqual({
    ...before,
    device_name: 'Left wrist',
    sync_settings: { auto_sync: false, sync_interval_minutes: 60, sync_historical_days: 7 },
    next_sync: null,
    updated_at: body['updated_at'],
  })
})

test('PUT cannot take the serial of another device', async () => {
  const taken = await call('POST', '/devices', { ...fitbit, serial_number: 'TAKEN' })
  const id = await register()
  const { status, body } = await call('PUT', `/devices/${id}`, { serial_number: 'TAKEN' })
  expect(status).toBe(409)
  expect(body).toMatchObject({ code: 'device_exists', device_id: taken.body['device_id'] })
})

test('unknown fields are refused by name', async () => {
  const { status, body } = await call('POST', '/devices', { ...fitbit, colour: 'red' })
  expect(status).toBe(400)
  expect(body['errors']).toEqual([
    { pointer: '/colour', code: 'unknown_field', detail: 'is not a field of this request' },
  ])
})

test('a list says how long it is and where its other pages are', async () => {
  const person = await server.person()
  for (const n of [1, 2, 3]) await call('POST', '/devices', { ...fitbit, serial_number: `P${n}` }, person.token)
  const { headers, body } = await call(
    'GET',
    '/devices?limit=1&offset=1&device_type=fitbit_charge_5',
    undefined,
    person.token,
  )
  expect(body).toHaveLength(1)
  expect(headers.get('x-total-count')).toBe('3')
  expect(headers.get('link')).toContain('</api/v1/devices?limit=1&offset=2&device_type=fitbit_charge_5>; rel="next"')
  expect(headers.get('link')).toContain('offset=0&device_type=fitbit_charge_5>; rel="prev"')
  const none = await call('GET', '/devices?status=error', undefined, person.token)
  expect(none.body).toEqual([])
  expect(none.headers.get('x-total-count')).toBe('0')
})

test('a removed device is gone with its token, and its serial is free again', async () => {
  const made = await call('POST', '/devices', { ...fitbit, serial_number: 'GONE', issue_token: true })
  const { device_id: id, device_token: token } = made.body as { device_id: string; device_token: string }
  expect((await call('POST', `/devices/${id}/health`, { battery_level: 50 }, token)).status).toBe(202)
  expect((await call('DELETE', `/devices/${id}`)).status).toBe(204)
  expect((await call('GET', `/devices/${id}`)).status).toBe(404)
  expect((await call('DELETE', `/devices/${id}`)).status).toBe(404)
  expect((await call('POST', `/devices/${id}/health`, { battery_level: 50 }, token)).status).toBe(401)
  expect((await call('POST', '/devices', { ...fitbit, serial_number: 'GONE' })).status).toBe(201)
})

test("a device's token reports its own health and nothing else", async () => {
  const made = await call('POST', '/devices', { ...fitbit, serial_number: 'TOKEN', issue_token: true })
  const { device_id: id, device_token: token } = made.body as { device_id: string; device_token: string }
  const other = await register()
  expect((await call('POST', `/devices/${id}/health`, { battery_level: 50 }, token)).status).toBe(202)
  expect((await call('POST', `/devices/${other}/health`, { battery_level: 50 }, token)).status).toBe(404)
  expect((await call('GET', `/devices/${id}`, undefined, token)).status).toBe(403)
  expect((await call('GET', `/devices/${id}`)).body['has_token']).toBe(true)
})

test('a new token ends the old one, a revoked one ends at once', async () => {
  const id = await register()
  const report = (token: string) => call('POST', `/devices/${id}/health`, { battery_level: 40 }, token)
  const first = (await call('POST', `/devices/${id}/token`)).body['device_token'] as string
  expect((await report(first)).status).toBe(202)
  const second = (await call('POST', `/devices/${id}/token`)).body['device_token'] as string
  expect((await report(first)).status).toBe(401)
  expect((await report(second)).status).toBe(202)
  expect((await call('DELETE', `/devices/${id}/token`)).status).toBe(204)
  expect((await report(second)).status).toBe(401)
})

test('a device whose token was forged is not let in', async () => {
  const id = await register()
  expect((await call('POST', `/devices/${id}/health`, { battery_level: 1 }, `trd_${'A'.repeat(43)}`)).status).toBe(401)
})

test('an Idempotency-Key registers once, and does not show the token again', async () => {
  const headers = { 'idempotency-key': 'register-once' }
  const plain = { ...fitbit, serial_number: 'IDEM' }
  const first = await call('POST', '/devices', plain, owner.token, headers)
  const again = await call('POST', '/devices', plain, owner.token, headers)
  expect([first.status, again.status]).toEqual([201, 201])
  expect(again.body).toEqual(first.body)
  const secret = { ...fitbit, serial_number: 'IDEM2', issue_token: true }
  const key = { 'idempotency-key': 'register-secret' }
  expect((await call('POST', '/devices', secret, owner.token, key)).status).toBe(201)
  expect((await call('POST', '/devices', secret, owner.token, key)).body['code']).toBe(
    'idempotency_secret_not_repeated',
  )
})

test("a removed device's data stays with its source, unless it is to go too", async () => {
  const person = await server.person()
  const filled = async (): Promise<string> => {
    const { serial_number: _, ...body } = fitbit
    const id = (await call('POST', '/devices', body, person.token)).body['device_id'] as string
    for (const upload of [
      { data_type: 'heart_rate', values: [{ timestamp: '2024-01-01T00:00:00Z', value: 60 }] },
      { data_type: 'resting_heart_rate', values: [{ date: '2024-01-01', value: 50 }] },
    ])
      expect((await call('POST', `/devices/${id}/data`, upload, person.token)).status).toBe(201)
    return id
  }
  const timeline = async () => {
    const query =
      'metric=heart_rate&metric=resting_heart_rate&start_time=2024-01-01T00:00:00Z&end_time=2024-01-02T00:00:00Z'
    const { body } = await call('GET', `/timeline?${query}`, undefined, person.token)
    return (body['lines'] as { metric: string; source: { name: string; device_id: string | null } }[]).map(
      ({ metric, source }) => [metric, source.name, source.device_id],
    )
  }
  const kept = await filled()
  expect((await call('DELETE', `/devices/${kept}`, undefined, person.token)).status).toBe(204)
  const left = [
    ['heart_rate', 'My Fitbit', null],
    ['resting_heart_rate', 'My Fitbit', null],
  ]
  expect((await timeline()).sort()).toEqual(left)
  const gone = await filled()
  expect(await timeline()).toHaveLength(4)
  expect((await call('DELETE', `/devices/${gone}?data=delete`, undefined, person.token)).status).toBe(204)
  expect((await timeline()).sort()).toEqual(left)
  const rows = await server.parts.db.asWriter((tx) =>
    tx.selectFrom('segment').select('series_id').where('user_id', '=', person.userId).execute(),
  )
  expect(rows).toHaveLength(1)
})

test('with a device’s data goes what of them could not be used, and nothing of another device', async () => {
  const person = await server.person()
  const { serial_number: _, ...body } = fitbit
  const made = async () => {
    const id = (await call('POST', '/devices', body, person.token)).body['device_id'] as string
    await asAdmin(server.database.admin, (client) =>
      client.query(
        `insert into tributary.quarantine (user_id, record_id, format, kind, source_id, place, code, detail, raw)
         select $1, gen_random_uuid(), 'fit', 'reading', source_id, 0, 'unit_unknown', 'no such unit', '{}'
         from tributary.sources where user_id = $1 and device_id = $2`,
        [person.userId, id],
      ),
    )
    return id
  }
  const [gone, staying] = [await made(), await made()]
  const waiting = () =>
    server.parts.db.asWriter((tx) =>
      tx
        .selectFrom('quarantine')
        .leftJoin('sources', (on) => on.onRef('sources.source_id', '=', 'quarantine.source_id'))
        .select('device_id')
        .where('quarantine.user_id', '=', person.userId)
        .execute(),
    )
  expect(await waiting()).toHaveLength(2)
  expect((await call('DELETE', `/devices/${gone}?data=delete`, undefined, person.token)).status).toBe(204)
  expect(await waiting()).toEqual([{ device_id: staying }])
})

test('a device is removed with its data while it goes on sending: what comes too late is not found, and nothing is left', async () => {
  const person = await server.person()
  const { serial_number: _, ...body } = fitbit
  const kinds = [
    ...['heart_rate', 'steps', 'hrv_rmssd', 'spo2', 'body_mass', 'respiratory_rate'].map((data_type) => ({
      data_type,
      values: [{ timestamp: '2024-01-01T00:00:00Z', value: 60 }],
    })),
    { data_type: 'resting_heart_rate', values: [{ date: '2024-01-01', value: 50 }] },
    { data_type: 'blood_pressure', values: [{ timestamp: '2024-01-01T07:00:00Z', systolic: 120, diastolic: 80 }] },
  ]
  const answers = new Set<number>()
  for (let round = 0; round < 8; round++) {
    const id = (await call('POST', '/devices', body, person.token)).body['device_id'] as string
    const sending = Array.from({ length: 8 }, async (_, n) => {
      for (let i = n; ; i++) {
        const { status } = await call('POST', `/devices/${id}/data`, kinds[i % kinds.length], person.token)
        answers.add(status)
        if (status !== 201) return
      }
    })
    await pause(15 * round) // the first is removed while its series are made
    expect((await call('DELETE', `/devices/${id}?data=delete`, undefined, person.token)).status).toBe(204)
    await Promise.all(sending)
  }
  expect([...answers].sort()).toEqual([201, 404])
  const left = await asAdmin(server.database.admin, async (client) => {
    const tables = ['sources', 'series', 'latest', 'segment', 'chunk', 'dirty', 'record_ref', 'source_days', 'events']
    const counts = tables.map(
      (table) => `select '${table}' as t, count(*)::int as n from tributary.${table} where user_id = $1`,
    )
    return (await client.query(`select * from (${counts.join(' union all ')}) where n > 0`, [person.userId])).rows
  })
  expect(left).toEqual([])
})

test('a device is removed with its data while files of it are imported, which then make it anew, and nobody waits in a circle', async () => {
  const person = await server.person()
  const mine = async () => (await call('GET', '/devices', undefined, person.token)).body as unknown as Device[]
  const remove = async ({ device_id }: Pick<Device, 'device_id'>) => {
    expect((await call('DELETE', `/devices/${device_id}?data=delete`, undefined, person.token)).status).toBe(204)
  }
  const warnings = vi.spyOn(server.parts.log, 'warn') // whoever PostgreSQL ends to break a deadlock says so, and tries again
  for (let round = 0; round < 3; round++) {
    const files = [1, 2, 3, 4].map((day) => ({
      name: `${day}.fit`,
      bytes: writeRide({ start: Date.UTC(2025, 3 + round, day, 8), seconds: 2_000 }),
    }))
    const importing = importFiles(server, person, files)
    await expect.poll(mine, { interval: 5, timeout: 20_000 }).toHaveLength(1)
    for (const device of await mine()) await remove(device)
    await importing
    for (const device of await mine()) await remove(device)
  }
  const codes = warnings.mock.calls.map(([fields]) => (fields as unknown as { err?: { code?: string } }).err?.code)
  warnings.mockRestore()
  expect(codes).not.toContain('40P01')
})
