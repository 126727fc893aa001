/** Archives and large files, end to end: what a person sends, what they are told, what is stored. */
import { gzipSync } from 'node:zlib'
import { writeRide, zipOf } from '@tributary/formats/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAdmin, type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import { importFiles, listSessions } from './test-uploads.ts'

let server: TestServer

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.stop())

const newcomer = () => server.person()
const ride = (n: number, seconds = 60) => writeRide({ start: Date.UTC(2025, 3, n, 8), seconds, seed: n })
const ask = <T>(query: string, values: unknown[]) =>
  asAdmin(server.database.admin, async (client) => (await client.query(query, values)).rows as T[])
const get = async <T>(person: SignedInPerson, path: string): Promise<T> => {
  const { status, body } = await server.call('GET', path, { token: person.token })
  if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`)
  return body
}

interface Heart {
  at: string
  bpm: number
}

const stamp = (ms: number) =>
  new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' +0000')

/** An Apple Health export of heart rates, as of a day. */
function appleXml(hearts: readonly Heart[], asOf: string, more = ''): string {
  const records = hearts.map(
    ({ at, bpm }) =>
      ` <Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Ana’s Watch" sourceVersion="11" unit="count/min" creationDate="${stamp(Date.parse(at))}" startDate="${stamp(Date.parse(at))}" endDate="${stamp(Date.parse(at))}" value="${bpm}"/>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>
<HealthData locale="en_GB">
 <ExportDate value="${stamp(Date.parse(asOf))}"/>
 <Me HKCharacteristicTypeIdentifierDateOfBirth="1980-01-01" HKCharacteristicTypeIdentifierBiologicalSex="HKBiologicalSexFemale" HKCharacteristicTypeIdentifierBloodType="HKBloodTypeNotSet" HKCharacteristicTypeIdentifierFitzpatrickSkinType="HKFitzpatrickSkinTypeNotSet" HKCharacteristicTypeIdentifierCardioFitnessMedicationsUse="None"/>
${records.join('\n')}
${more}
</HealthData>
`
}

const minutes = (n: number, from = '2025-05-05T08:00:00Z'): Heart[] =>
  Array.from({ length: n }, (_, i) => ({
    at: new Date(Date.parse(from) + i * 60_000).toISOString(),
    bpm: 60 + (i % 50),
  }))
const appleZip = (xml: string, more: Record<string, string | Uint8Array> = {}) =>
  zipOf({ 'apple_health_export/export.xml': xml, ...more })

/** How many heart rates are stored. */
async function heartRates(person: SignedInPerson): Promise<number> {
  const { items } = await get<{ items: { metric: string; n: number }[] }>(person, '/api/v1/series')
  return items.filter(({ metric }) => metric === 'heart_rate').reduce((sum, { n }) => sum + n, 0)
}

describe('an Apple Health export', () => {
  test('gives each of its sources its own series, and the same again adds nothing', async () => {
    const person = await newcomer()
    const bytes = appleZip(appleXml(minutes(500), '2025-06-01'))
    const first = await importFiles(server, person, [{ name: 'export.zip', bytes }])
    expect(first).toMatchObject({ status: 'done', samples: 500, deleted: 0, bytes: bytes.length })
    expect(first.files).toMatchObject([{ format: 'apple_health', status: 'done', samples: 500 }])
    expect(await ask('select kind, archive, name from tributary.sources where user_id = $1', [person.userId])).toEqual([
      { kind: 'app', archive: 'apple_health', name: 'Ana’s Watch' },
    ])
    const again = await importFiles(server, person, [{ name: 'export.zip', bytes }])
    expect(again.files).toMatchObject([{ status: 'duplicate', samples: 0, duplicates: 500 }])
  })

  test('is read as XML, packed or not, and what it holds is the same', async () => {
    const person = await newcomer()
    const xml = Buffer.from(appleXml(minutes(50), '2025-06-01'))
    const read = await importFiles(server, person, [
      { name: 'export.xml', bytes: xml },
      { name: 'export.xml.gz', bytes: gzipSync(xml) },
      { name: 'export.zip', bytes: appleZip(xml.toString()) },
    ])
    expect(read.files.map(({ status, samples, duplicates }) => [status, samples, duplicates])).toEqual([
      ['done', 50, 0],
      ['duplicate', 0, 50],
      ['duplicate', 0, 50],
    ])
  })

  test('that is newer adds what is new, and what it lacks goes here too', async () => {
    const person = await newcomer()
    const all = minutes(400)
    await importFiles(server, person, [{ name: 'a.zip', bytes: appleZip(appleXml(all, '2025-06-01')) }])
    const kept = all.filter((_, i) => i < 100 || i >= 110)
    const newer = [...kept, ...minutes(30, '2025-06-05T08:00:00Z')]
    const second = await importFiles(server, person, [
      { name: 'b.zip', bytes: appleZip(appleXml(newer, '2025-07-01')) },
    ])
    expect(second).toMatchObject({ status: 'done', samples: 30, duplicates: 390, deleted: 10 })
    expect(await heartRates(person)).toBe(420)
    const again = await importFiles(server, person, [{ name: 'a.zip', bytes: appleZip(appleXml(all, '2025-06-01')) }])
    expect(again, 'an older export only adds').toMatchObject({ samples: 10, deleted: 0 })
    expect(await heartRates(person)).toBe(430)
  })

  test('that is newer writes no workout anew that it tells as before', async () => {
    const person = await newcomer()
    const walk = (energy: number) =>
      ` <Workout workoutActivityType="HKWorkoutActivityTypeWalking" duration="30" durationUnit="min" totalDistance="2.5" totalDistanceUnit="km" totalEnergyBurned="${energy}" totalEnergyBurnedUnit="kcal" sourceName="Ana’s Watch" sourceVersion="11" creationDate="2025-05-05 12:00:00 +0000" startDate="2025-05-05 11:00:00 +0000" endDate="2025-05-05 11:30:00 +0000"/>`
    const send = (name: string, asOf: string, energy: number) =>
      importFiles(server, person, [{ name, bytes: appleZip(appleXml(minutes(10), asOf, walk(energy))) }])
    expect(await send('a.zip', '2025-06-01', 120)).toMatchObject({ sessions: 1 })
    expect((await send('b.zip', '2025-07-01', 120)).files).toMatchObject([{ status: 'duplicate', sessions: 0 }])
    expect(await send('c.zip', '2025-08-01', 130), 'it says something else now').toMatchObject({ sessions: 1 })
  })

  test('leaves alone what is later than itself, whichever export that came with', async () => {
    const person = await newcomer()
    const walk = ` <Workout workoutActivityType="HKWorkoutActivityTypeWalking" duration="30" durationUnit="min" sourceName="Ana’s Watch" sourceVersion="11" creationDate="2025-07-15 12:00:00 +0000" startDate="2025-07-15 11:00:00 +0000" endDate="2025-07-15 11:30:00 +0000"/>`
    const zip = (asOf: string) => appleZip(appleXml(minutes(10), asOf))
    await importFiles(server, person, [{ name: 'june.zip', bytes: zip('2025-06-01') }])
    const august = Buffer.from(appleXml(minutes(10), '2025-08-01', walk)) // without its archive it never says that it is all
    expect(await importFiles(server, person, [{ name: 'august.xml', bytes: august }])).toMatchObject({ sessions: 1 })
    const july = await importFiles(server, person, [{ name: 'july.zip', bytes: zip('2025-07-01') }])
    expect(july).toMatchObject({ deleted: 0 })
    expect((await get<{ items: unknown[] }>(person, '/api/v1/sessions')).items).toHaveLength(1)
  })

  test('that lacks more than people delete deletes nothing, and says so', async () => {
    const person = await newcomer()
    const all = minutes(3_000)
    await importFiles(server, person, [{ name: 'a.zip', bytes: appleZip(appleXml(all, '2025-06-01')) }])
    const { files, deleted } = await importFiles(server, person, [
      { name: 'b.zip', bytes: appleZip(appleXml(all.slice(0, 1_500), '2025-07-01')) },
    ])
    expect(deleted).toBe(0)
    expect(await heartRates(person)).toBe(3_000)
    expect(files[0]?.warnings).toContainEqual({
      code: 'deletions_not_followed',
      detail: expect.stringContaining('1,500 of the 3,000'),
    })
  })

  test('is held against everything of its kind that is stored, in pages of ten thousand', async () => {
    const person = await newcomer()
    const zip = (asOf: string) => appleZip(appleXml(minutes(10), asOf))
    await importFiles(server, person, [{ name: 'a.zip', bytes: zip('2025-06-01') }])
    for (const rows of [
      `source_days (user_id, source_id, metric, day_on, value) select user_id, source_id, 'steps', date '1990-01-01' + n, 1`,
      `events (user_id, source_id, metric, start_at, event_id, value) select user_id, source_id, 'mindful', timestamptz '2001-01-01' + n * interval '1 s 1 us', gen_random_uuid(), '{}'`,
    ])
      await ask(
        `insert into tributary.${rows} from tributary.sources, generate_series(1, 12000) n where user_id = $1`,
        [person.userId],
      )
    const { files } = await importFiles(server, person, [{ name: 'b.zip', bytes: zip('2025-07-01') }])
    expect(files[0]?.warnings).toContainEqual({
      code: 'deletions_not_followed',
      detail: expect.stringContaining('24,000 of the 24,010'),
    })
  })

  test('that breaks off keeps what came, and takes nothing back', async () => {
    const person = await newcomer()
    const all = minutes(200)
    await importFiles(server, person, [{ name: 'a.xml', bytes: Buffer.from(appleXml(all, '2025-06-01')) }])
    const cut = Buffer.from(appleXml(minutes(300), '2025-07-01')).subarray(0, 20_000)
    const { files, deleted } = await importFiles(server, person, [{ name: 'b.xml', bytes: cut }])
    expect(files).toMatchObject([{ status: 'duplicate' }])
    expect(deleted).toBe(0)
  })
})

describe('an archive that names thousands of sources', () => {
  test('is given as many as 2,000, and each value beyond them has its reason and waits to be tried again', async () => {
    const person = await newcomer()
    await ask(
      `insert into tributary.sources (user_id, source_id, kind, archive, external_key, name)
       select $1, gen_random_uuid(), 'app', 'apple_health', 'forged ' || n, 'Forged' from generate_series(1, 1998) n`,
      [person.userId],
    )
    const heart = (source: string, second: number) =>
      ` <Record type="HKQuantityTypeIdentifierHeartRate" sourceName="${source}" sourceVersion="11" unit="count/min" creationDate="2025-05-06 08:00:00 +0000" startDate="2025-05-06 08:00:${10 + second} +0000" endDate="2025-05-06 08:00:${10 + second} +0000" value="61"/>`
    const walk = ` <Workout workoutActivityType="HKWorkoutActivityTypeWalking" duration="30" durationUnit="min" sourceName="Two" sourceVersion="11" creationDate="2025-05-05 12:00:00 +0000" startDate="2025-05-05 11:00:00 +0000" endDate="2025-05-05 11:30:00 +0000"/>`
    const more = [heart('One', 0), heart('Two', 0), heart('Two', 1), walk].join('\n')
    const bytes = appleZip(appleXml(minutes(20), '2025-06-01', more))
    const read = await importFiles(server, person, [{ name: 'forged.zip', bytes }])
    // The watch and one of the two others got the last places; the other has two values and a walk.
    expect(read).toMatchObject({ status: 'done', samples: 21, sessions: 0, rejected: 3 })
    const reason = { code: 'sources_full', detail: expect.stringContaining('2,000 sources') }
    expect(read.files[0]?.rejections).toMatchObject([reason, reason, reason])
    expect(await ask('select from tributary.sources where user_id = $1', [person.userId])).toHaveLength(2_000)
    const { items } = await get<{ items: { record_id: string }[] }>(person, '/api/v1/quarantine')
    expect(items).toMatchObject([reason, reason])

    const replay = (id: string) =>
      server.call('POST', `/api/v1/quarantine/${id}/replay`, { token: person.token }).then(({ body }) => body)
    expect(await replay(items[0]?.record_id ?? '')).toMatchObject({ used: false, ...reason })
    await ask(`delete from tributary.sources where user_id = $1 and external_key = 'forged 1'`, [person.userId])
    for (const { record_id } of items) expect(await replay(record_id)).toMatchObject({ used: true })
    expect(await heartRates(person)).toBe(23)
  })

  test('or devices is given as many as 2,000 of those as well, and a recorded activity beyond them stays a file', async () => {
    const person = await newcomer()
    await ask(
      `insert into tributary.devices (user_id, device_id, device_type, device_name, manufacturer, serial_number, integration_type, auto_sync, sync_interval_minutes, status)
       select $1, gen_random_uuid(), 'watch', 'Forged', 'Forged', n::text, 'file', false, 60, 'active' from generate_series(1, 2000) n`,
      [person.userId],
    )
    const { files } = await importFiles(server, person, [{ name: 'a.fit', bytes: ride(1) }])
    expect(files).toMatchObject([{ status: 'done', sessions: 1 }])
    expect(files[0]?.warnings).toContainEqual({ code: 'devices_full', detail: expect.stringContaining('2,000') })
    expect(await ask('select name from tributary.sources where user_id = $1', [person.userId])).toEqual([
      { name: 'Files' },
    ])
  })
})

describe('an archive of files', () => {
  test('gives each of them to be read by itself, nested ones and packed ones too', async () => {
    const person = await newcomer()
    const bytes = zipOf({
      'rides/one.fit': ride(1),
      'rides/two.fit.gz': gzipSync(ride(2)),
      'rides/notes.txt': 'hello',
      'older.zip': zipOf({ 'three.fit': ride(3), 'one again.fit': ride(1) }),
      'export.zip': appleZip(appleXml(minutes(20), '2025-06-01')),
    })
    const read = await importFiles(server, person, [{ name: 'all.zip', bytes }])
    expect(read.files_by_status).toEqual({ done: 6, failed: 1, duplicate: 1 })
    const { items } = await get<{ items: { name: string; status: string; format: string | null }[] }>(
      person,
      `/api/v1/imports/${read.import_id}/files`,
    )
    expect(items.map(({ name, status }) => [name, status])).toEqual([
      ['all.zip', 'done'],
      ['all.zip › rides/one.fit', 'done'],
      ['all.zip › rides/two.fit.gz', 'done'],
      ['all.zip › rides/notes.txt', 'failed'],
      ['all.zip › older.zip', 'done'],
      ['all.zip › export.zip', 'done'],
      ['all.zip › older.zip › three.fit', 'done'],
      ['all.zip › older.zip › one again.fit', 'duplicate'],
    ])
    expect((await listSessions(server, person)).items).toHaveLength(3)
    expect(read.bytes).toBe(read.bytes_total)
  })

  test('gives back each file byte for byte', async () => {
    const person = await newcomer()
    const large = Buffer.concat([ride(5, 40_000), ride(6, 10)])
    const read = await importFiles(server, person, [{ name: 'x.zip', bytes: zipOf({ 'a.fit': large }) }])
    const session = read.files.find(({ name }) => name.endsWith('a.fit'))?.session_ids[0]
    const answer = await fetch(`${server.url}/api/v1/sessions/${session}/file`, {
      headers: { authorization: `Bearer ${person.token}` },
    })
    expect(Buffer.from(await answer.arrayBuffer()).equals(large)).toBe(true)
  })

  test('reads an archive that it holds many times, or that holds copies of itself deeper down, once', async () => {
    const person = await newcomer()
    const twice = (bytes: Uint8Array) => zipOf({ 'a.zip': bytes, 'b.zip': bytes })
    const inner = zipOf({ 'one.fit': ride(9) })
    const read = await importFiles(server, person, [
      { name: 'outer.zip', bytes: zipOf({ 'x.zip': twice(inner), 'inner.zip': inner, 'again.zip': twice(inner) }) },
    ])
    const { items } = await get<{ items: { name: string; status: string; warnings: { code: string }[] }[] }>(
      person,
      `/api/v1/imports/${read.import_id}/files`,
    )
    expect(items.map(({ name, status, warnings }) => [name, status, warnings.map(({ code }) => code).join()])).toEqual([
      ['outer.zip', 'done', 'files_taken_out'],
      ['outer.zip › x.zip', 'done', 'files_taken_out'],
      ['outer.zip › inner.zip', 'done', 'files_taken_out'],
      ['outer.zip › again.zip', 'duplicate', 'archive_repeated'],
      ['outer.zip › x.zip › a.zip', 'duplicate', 'archive_repeated'],
      ['outer.zip › x.zip › b.zip', 'duplicate', 'archive_repeated'],
      ['outer.zip › inner.zip › one.fit', 'done', 'device_made,fields_unused'],
    ])
    expect((await listSessions(server, person)).items).toHaveLength(1)
    expect(read.bytes).toBe(read.bytes_total)
  })

  test('takes many archives apart in their order, however many threads there are', async () => {
    const person = await newcomer()
    const some = (i: number) => zipOf(Object.fromEntries([1, 2, 3, 4].map((j) => [`${j}.txt`, `note ${i} ${j}`])))
    const bytes = zipOf(Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`${i}.zip`, some(i)])))
    const read = await importFiles(server, person, [{ name: 'many.zip', bytes }])
    expect(read.files_by_status).toEqual({ done: 9, failed: 32 })
  })

  test('says of each file that is none why, however many lie beside each other', async () => {
    const person = await newcomer()
    const bytes = zipOf({
      ...Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${i}.txt`, `note ${i}`])),
      'a.fit': ride(10),
    })
    const read = await importFiles(server, person, [{ name: 'notes.zip', bytes }])
    expect(read.files_by_status).toEqual({ done: 2, failed: 30 })
    const failed = read.files.filter(({ status }) => status === 'failed')
    expect(new Set(failed.map(({ reason }) => reason))).toEqual(new Set(['this is neither FIT nor TCX nor GPX']))
    expect(read.bytes).toBe(read.bytes_total)
  })

  test('in an archive in an archive is refused, and the others are read', async () => {
    const person = await newcomer()
    const deep = zipOf({ 'deep.fit': ride(7) })
    const bytes = zipOf({ 'middle.zip': zipOf({ 'inner.zip': deep, 'beside.fit': ride(8) }) })
    const read = await importFiles(server, person, [{ name: 'outer.zip', bytes }])
    expect(read.files[0]).toMatchObject({
      name: 'outer.zip › middle.zip › inner.zip',
      status: 'failed',
      reason: expect.stringContaining('an archive in an archive in an archive'),
    })
    expect(read.files_by_status).toEqual({ done: 3, failed: 1 })
  })

  test('is paged through in the order it is read, also by status', async () => {
    const person = await newcomer()
    const rides = Array.from({ length: 12 }, (_, n) => [`${n}.fit`, n % 4 === 3 ? Buffer.from('x') : ride(n + 1, 5)])
    const read = await importFiles(server, person, [{ name: 'm.zip', bytes: zipOf(Object.fromEntries(rides)) }])
    expect(read.files.slice(0, 3).map(({ status }) => status)).toEqual(['failed', 'failed', 'failed'])
    const names: string[] = []
    let cursor = ''
    do {
      const page = await get<{ items: { name: string }[]; next_cursor: string | null }>(
        person,
        `/api/v1/imports/${read.import_id}/files?limit=5${cursor && `&cursor=${cursor}`}`,
      )
      names.push(...page.items.map(({ name }) => name))
      cursor = page.next_cursor ?? ''
    } while (cursor)
    expect(names).toHaveLength(13)
    const failed = await get<{ items: unknown[] }>(person, `/api/v1/imports/${read.import_id}/files?status=failed`)
    expect(failed.items).toHaveLength(3)
    const stranger = await newcomer()
    const asked = await server.call('GET', `/api/v1/imports/${read.import_id}/files`, { token: stranger.token })
    expect(asked.status).toBe(404)
  })

  test.each([
    ['a bomb', zipOf({ 'zeros.json': Buffer.alloc(8_000_000) }), 'more than 100 times'],
    ['one that is cut off', zipOf({ 'a.fit': ride(1) }).subarray(0, 300), 'damaged'],
    ['one of nothing', zipOf({}), 'the archive is empty'],
  ])('that is %s is refused with its reason', async (_, bytes, reason) => {
    const person = await newcomer()
    const read = await importFiles(server, person, [{ name: 'bad.zip', bytes }])
    expect(read).toMatchObject({ status: 'failed' })
    expect(read.files[0]?.reason).toContain(reason)
  })
})
