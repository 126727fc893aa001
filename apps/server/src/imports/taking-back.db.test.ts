/** Cancelling an import, taking back what one brought, and records that could not be used. */
import { writeRide, zipOf } from '@tributary/formats/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAdmin, type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import { formOf, type Imported, importFiles, listSessions, upload } from './test-uploads.ts'

let server: TestServer

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.stop())

const newcomer = () => server.person()
const ride = (n: number, seconds = 60, more = {}) =>
  Buffer.from(writeRide({ start: Date.UTC(2025, 3, n, 8), seconds, seed: n, ...more }))
const ask = <T>(query: string, values: unknown[]) =>
  asAdmin(server.database.admin, async (client) => (await client.query(query, values)).rows as T[])

async function call<T>(person: SignedInPerson, method: string, path: string, body?: unknown) {
  const answer = await server.call(method, path, { token: person.token, body })
  return { status: answer.status, body: answer.body as T }
}

interface TakenBack {
  status: string
  removed: { samples: number; sessions: number }
}

const takeBack = (person: SignedInPerson, importId: string, data = 'remove') =>
  call<TakenBack>(person, 'DELETE', `/api/v1/imports/${importId}?data=${data}`)

async function samplesOf(person: SignedInPerson): Promise<number> {
  const { body } = await call<{ items: { n: number }[] }>(person, 'GET', '/api/v1/series')
  return body.items.reduce((sum, { n }) => sum + n, 0)
}

describe('an import that has ended', () => {
  test('is taken back with its sessions and samples, and can be made again', async () => {
    const person = await newcomer()
    const first = await importFiles(server, person, [{ name: 'a.fit', bytes: ride(1) }])
    const other = await importFiles(server, person, [{ name: 'b.fit', bytes: ride(2) }])
    expect(await takeBack(person, first.import_id)).toEqual({
      status: 200,
      body: { status: 'cancelled', removed: { samples: first.samples, sessions: 1 } },
    })
    expect((await listSessions(server, person)).items).toHaveLength(1)
    expect(await takeBack(person, first.import_id)).toMatchObject({ body: { removed: { samples: 0, sessions: 0 } } })
    const again = await importFiles(server, person, [{ name: 'a.fit', bytes: ride(1) }])
    expect(again).toMatchObject({ samples: first.samples, sessions: 1 })
    expect(other.samples).toBe(first.samples)
  })

  test('keeps what another file says of the same time', async () => {
    const person = await newcomer()
    const one = await importFiles(server, person, [{ name: 'a.fit', bytes: ride(3) }])
    await importFiles(server, person, [{ name: 'again.fit', bytes: ride(3) }])
    expect((await takeBack(person, one.import_id)).body.removed).toEqual({ samples: 0, sessions: 0 })
    expect((await listSessions(server, person)).items).toHaveLength(1)
  })

  test('stays as it is when its data is kept', async () => {
    const person = await newcomer()
    const done = await importFiles(server, person, [{ name: 'a.fit', bytes: ride(4) }])
    expect((await takeBack(person, done.import_id, 'keep')).body).toEqual({
      status: 'done',
      removed: { samples: 0, sessions: 0 },
    })
  })

  test('is nobody else’s to take back', async () => {
    const person = await newcomer()
    const done = await importFiles(server, person, [{ name: 'a.fit', bytes: ride(5) }])
    expect((await takeBack(await newcomer(), done.import_id)).status).toBe(404)
  })
})

describe('an import under way', () => {
  test('is cancelled at once, and nothing of it is stored any more', async () => {
    const person = await newcomer()
    const many = Array.from({ length: 60 }, (_, n) => ({ name: `${n}.fit`, bytes: ride(n + 1, 2_000) }))
    const { body } = await upload(server, person, formOf(many))
    const taken = await takeBack(person, body.import_id)
    expect(taken.body.status).toBe('cancelled')
    const left = await ask(
      'select count(*)::int as n from tributary.sessions where user_id = $1 and deleted_at is null',
      [person.userId],
    )
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    const { body: found } = await call<Imported>(person, 'GET', `/api/v1/imports/${body.import_id}`)
    expect(found).toMatchObject({ status: 'cancelled' })
    expect(found.files_by_status.queued).toBeUndefined()
    expect(left).toEqual([{ n: 0 }])
    expect((await listSessions(server, person)).items).toEqual([])
    expect(await samplesOf(person)).toBe(0)
  })

  test('keeps what was stored, if that is wanted', async () => {
    const person = await newcomer()
    const many = Array.from({ length: 60 }, (_, n) => ({ name: `${n}.fit`, bytes: ride(n + 1, 2_000) }))
    const { body } = await upload(server, person, formOf(many))
    await expect
      .poll(async () => (await listSessions(server, person)).items.length, { timeout: 20_000, interval: 20 })
      .toBeGreaterThan(0)
    expect((await takeBack(person, body.import_id, 'keep')).body.status).toBe('cancelled')
    expect((await listSessions(server, person)).items.length).toBeGreaterThan(0)
  })
})

describe('a record that could not be used', () => {
  const broken = `<?xml version="1.0" encoding="UTF-8"?>
<HealthData locale="en_GB">
 <ExportDate value="2025-06-01 00:00:00 +0000"/>
 <Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Watch" unit="count/min" startDate="2025-05-05 08:00:00 +0000" endDate="2025-05-05 08:00:00 +0000" value="70"/>
 <Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Watch" unit="count/min" startDate="2025-05-05 08:01:00 +0000" endDate="2025-05-05 08:01:00 +0000" value="9000"/>
 <Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Watch" unit="count/min" startDate="not a time" endDate="2025-05-05 08:02:00 +0000" value="71"/>
</HealthData>
`
  interface Page {
    items: { record_id: string; code: string; raw: string; format: string; file_name: string; detail: string }[]
    next_cursor: string | null
    total: number
  }

  test('waits with its reason and its text, and is listed for its import', async () => {
    const person = await newcomer()
    const done = await importFiles(server, person, [{ name: 'export.xml', bytes: Buffer.from(broken) }])
    expect(done).toMatchObject({ samples: 1, rejected: 2 })
    const { body } = await call<Page>(person, 'GET', `/api/v1/quarantine?import_id=${done.import_id}&limit=1`)
    expect(body.total).toBe(2)
    const { body: rest } = await call<Page>(
      person,
      'GET',
      `/api/v1/quarantine?import_id=${done.import_id}&cursor=${body.next_cursor}`,
    )
    const records = [...body.items, ...rest.items]
    expect(records).toHaveLength(2)
    expect(records.map(({ format, file_name }) => [format, file_name])).toEqual([
      ['apple_health', 'export.xml'],
      ['apple_health', 'export.xml'],
    ])
    expect(records.some(({ raw }) => raw.includes('not a time'))).toBe(true)
    expect(records.some(({ raw }) => raw.includes('9000'))).toBe(true)
    expect((await call<Page>(await newcomer(), 'GET', '/api/v1/quarantine')).body.total).toBe(0)
  })

  test('stays with its newest reason when it is tried again in vain, and can be given up', async () => {
    const person = await newcomer()
    await importFiles(server, person, [{ name: 'export.xml', bytes: Buffer.from(broken) }])
    const { body } = await call<Page>(person, 'GET', '/api/v1/quarantine')
    for (const { record_id } of body.items) {
      const answer = await call(person, 'POST', `/api/v1/quarantine/${record_id}/replay`)
      expect(answer).toMatchObject({ status: 200, body: { used: false, code: expect.any(String) } })
      expect((await call(await newcomer(), 'POST', `/api/v1/quarantine/${record_id}/replay`)).status).toBe(404)
      expect((await call(person, 'DELETE', `/api/v1/quarantine/${record_id}`)).status).toBe(204)
      expect((await call(person, 'DELETE', `/api/v1/quarantine/${record_id}`)).status).toBe(404)
    }
    expect((await call<Page>(person, 'GET', '/api/v1/quarantine')).body.total).toBe(0)
  })

  test('leaves when it can be used, be it a value, a workout of nine days or the file’s own text', async () => {
    const person = await newcomer()
    const workout = `<Workout workoutActivityType="HKWorkoutActivityTypeHiking" sourceName="Watch" startDate="2025-05-05 08:00:00 +0000" endDate="2025-05-14 08:00:00 +0000"/>`
    const bytes = Buffer.from(broken.replace('</HealthData>', `${workout}</HealthData>`))
    expect(await importFiles(server, person, [{ name: 'export.xml', bytes }])).toMatchObject({ rejected: 3 })
    const tried = await call<Page>(person, 'GET', '/api/v1/quarantine?code=interval_too_long')
    const again = await call(person, 'POST', `/api/v1/quarantine/${tried.body.items[0]?.record_id}/replay`)
    expect(again.body).toMatchObject({ used: false, code: 'interval_too_long' })
    const [from, to] = [Date.parse('2025-05-14T08:00Z'), Date.parse('2025-05-05T09:00Z')]
    await ask(`update tributary.quarantine set raw = replace(raw, '${from}', '${to}') where user_id = $1`, [
      person.userId,
    ])
    // As a fix would make them usable.
    await ask(
      `update tributary.quarantine set raw = replace(replace(raw, '9000', '90'), 'not a time', '2025-05-05 08:02:00 +0000') where user_id = $1`,
      [person.userId],
    )
    const { body } = await call<Page>(person, 'GET', '/api/v1/quarantine')
    for (const { record_id } of body.items)
      expect((await call(person, 'POST', `/api/v1/quarantine/${record_id}/replay`)).body).toEqual({
        used: true,
        code: null,
        detail: null,
      })
    expect((await call<Page>(person, 'GET', '/api/v1/quarantine')).body.total).toBe(0)
    const stored = await ask('select count(*)::int as series from tributary.series where user_id = $1', [person.userId])
    expect(stored, 'in the series of their source').toEqual([{ series: 1 }])
    expect(await samplesOf(person)).toBe(3)
    expect((await listSessions(server, person)).items).toMatchObject([{ activity: 'hiking' }])
  })

  test('leaves as well when it is a record of an archive, into the source it is of; or says that its file is needed', async () => {
    const person = await newcomer()
    const folder = 'Takeout/Fitbit/Global Export Data'
    const bytes = zipOf({
      [`${folder}/weight-2025-05-05.json`]: '[{"weight":74,"bmi":23,"date":"soon","time":"07:12:44"}]',
      'Takeout/Fitbit/Active Zone Minutes (AZM)/Active Zone Minutes - 2025-05.csv': 'date_time,total_minutes\nsoon,2\n',
    })
    expect(await importFiles(server, person, [{ name: 'takeout.zip', bytes }])).toMatchObject({
      samples: 0,
      rejected: 2,
    })
    await ask(
      `update tributary.quarantine set raw = replace(replace(raw, '"soon"', '"05/05/25"'), 'soon', '2025-05-05T08:00') where user_id = $1`,
      [person.userId],
    )
    const { body } = await call<Page>(person, 'GET', '/api/v1/quarantine')
    const answers = []
    for (const { record_id } of body.items)
      answers.push((await call(person, 'POST', `/api/v1/quarantine/${record_id}/replay`)).body)
    expect(answers).toContainEqual({ used: true, code: null, detail: null })
    expect(answers).toContainEqual({
      used: false,
      code: 'part_of_day',
      detail: expect.stringContaining('import its file again'),
    })
    expect(await samplesOf(person)).toBe(2)
    expect(await ask('select name from tributary.sources where user_id = $1', [person.userId])).toEqual([
      { name: 'Fitbit' },
    ])
  })
})
