/** Tables: they wait until somebody says what their columns are. */
import { gzipSync } from 'node:zlib'
import { claritySeed, zipOf } from '@tributary/formats/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import { ended, type Imported, importFiles } from './test-uploads.ts'

let server: TestServer

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.stop())

async function call<T>(person: SignedInPerson, method: string, path: string, body?: unknown) {
  const answer = await server.call(method, path, { token: person.token, body })
  return { status: answer.status, body: answer.body as T }
}

const table = (rows: number, first = 1) =>
  `Datum;Gewicht;Puls\n${Array.from({ length: rows }, (_, i) => `${String(first + i).padStart(2, '0')}.03.2025 07:30;${70 + i},5;${60 + i}`).join('\n')}\n`
const mapping = {
  name: 'Scale',
  columns: ['Datum', 'Gewicht', 'Puls'],
  delimiter: ';',
  time: { column: 'Datum', format: 'dmy', time_zone: 'Europe/Berlin' },
  decimal: ',',
  values: [
    { column: 'Gewicht', metric: 'body_mass', unit: 'kg' },
    { column: 'Puls', metric: 'heart_rate' },
  ],
}

test('a table waits, can be looked at, and is read as soon as its columns are named', async () => {
  const person = await server.person()
  const sent = await importFiles(server, person, [{ name: 'scale.csv', bytes: Buffer.from(table(20)) }])
  expect(sent).toMatchObject({ status: 'partial', files_by_status: { waiting: 1 }, samples: 0 })
  expect(sent.files[0]).toMatchObject({ status: 'waiting', format: 'csv' })
  const look = await call<{ columns: string[]; rows: string[][]; guess: { decimal: string } | null }>(
    person,
    'GET',
    `/api/v1/imports/${sent.import_id}/files/0/preview`,
  )
  expect(look.body).toMatchObject({ delimiter: ';', columns: mapping.columns, guess: { decimal: ',' } })
  expect(look.body.rows[0]).toEqual(['01.03.2025 07:30', '70,5', '60'])
  const made = await call<{ mapping_id: string }>(person, 'POST', '/api/v1/csv-mappings', mapping)
  expect(made).toMatchObject({ status: 201, body: { name: 'Scale', source_name: null } })
  const read = await ended(server, person, sent.import_id)
  expect(read).toMatchObject({ status: 'done', samples: 40, files_by_status: { done: 1 }, bytes: sent.bytes_total })
  const latest = await call<{ items: { metric: string; n: number }[] }>(person, 'GET', '/api/v1/series')
  expect(latest.body.items.map(({ metric, n }) => [metric, n]).sort()).toEqual([
    ['body_mass', 20],
    ['heart_rate', 20],
  ])
})

test('a table with a header that is known is read at once, also packed and in an archive', async () => {
  const person = await server.person()
  await call(person, 'POST', '/api/v1/csv-mappings', mapping)
  const read = await importFiles(server, person, [
    { name: 'a.csv', bytes: Buffer.from(table(5)) },
    { name: 'b.csv.gz', bytes: gzipSync(table(5, 10)) },
    { name: 'c.zip', bytes: zipOf({ 'c.csv': table(5, 20), 'other.csv': 'Time,Steps\n2025-03-01 07:00,200\n' }) },
  ])
  expect(read).toMatchObject({ samples: 30, files_by_status: { done: 4, waiting: 1 } })
})

test('a table of Dexcom Clarity waits for nobody: its columns are known', async () => {
  const person = await server.person()
  const read = await importFiles(server, person, [{ name: 'CLARITY_Export.csv', bytes: Buffer.from(claritySeed()) }])
  expect(read).toMatchObject({ status: 'done', files: [{ format: 'dexcom_clarity', sessions: 1 }], rejected: 0 })
  const latest = await call<{ items: { metric: string; n: number }[] }>(person, 'GET', '/api/v1/series')
  expect(latest.body.items.map(({ metric, n }) => [metric, n]).sort()).toEqual([
    ['blood_glucose', 1],
    ['blood_glucose', 40],
    ['carbohydrates_intake', 1],
    ['glucose_trend_rate', 32],
    ['insulin_delivery', 1],
  ])
})

test('a mapping is replaced by one for the same header, listed and forgotten; it is nobody else’s', async () => {
  const person = await server.person()
  const first = await call<{ mapping_id: string }>(person, 'POST', '/api/v1/csv-mappings', mapping)
  const second = await call<{ mapping_id: string }>(person, 'POST', '/api/v1/csv-mappings', { ...mapping, name: 'New' })
  expect(second.body.mapping_id).toBe(first.body.mapping_id)
  const { body } = await call<{ items: { name: string }[] }>(person, 'GET', '/api/v1/csv-mappings')
  expect(body.items.map(({ name }) => name)).toEqual(['New'])
  const path = `/api/v1/csv-mappings/${first.body.mapping_id}`
  expect((await call(await server.person(), 'DELETE', path)).status).toBe(404)
  expect((await call(person, 'DELETE', path)).status).toBe(204)
  expect((await call(person, 'DELETE', path)).status).toBe(404)
})

test('a mapping of an unknown metric or of a column that is not there is refused', async () => {
  const person = await server.person()
  expect(
    await call(person, 'POST', '/api/v1/csv-mappings', {
      ...mapping,
      values: [{ column: 'Puls', metric: 'mood_ring' }],
    }),
  ).toMatchObject({ status: 400, body: { code: 'data_type_unknown' } })
  expect(
    await call(person, 'POST', '/api/v1/csv-mappings', { ...mapping, time: { column: 'Zeit', format: 'dmy' } }),
  ).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ pointer: '/time/column' }] } })
})

test('what is no table has no preview', async () => {
  const person = await server.person()
  const sent: Imported = await importFiles(server, person, [{ name: 'x.txt', bytes: Buffer.from('just words') }])
  const path = `/api/v1/imports/${sent.import_id}/files`
  expect(await call(person, 'GET', `${path}/0/preview`)).toMatchObject({ status: 422 })
  expect(await call(person, 'GET', `${path}/7/preview`)).toMatchObject({ status: 404 })
})
