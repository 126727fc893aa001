import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import type { FormatError } from '../parsed-file.ts'
import { daysOf, pointsOf, seriesOf, sessionsOf, stagesOf, unusedOf } from '../testing/look.ts'
import { type Read, readFile } from '../testing/read.ts'
import { fingerprint } from '../testing/silent-leaves.ts'
import { pieceFaultsOf } from '../testing/soundness.ts'
import { gadgetbridge } from './index.ts'

const base = `
  create table android_metadata (locale text);
  create table DEVICE (_id integer primary key, NAME text not null, MANUFACTURER text not null, IDENTIFIER text not null unique, TYPE integer not null,
    TYPE_NAME text not null, MODEL text, ALIAS text, PARENT_FOLDER text);
  create table DEVICE_ATTRIBUTES (_id integer primary key, FIRMWARE_VERSION1 text not null, FIRMWARE_VERSION2 text, VALID_FROM_UTC integer, VALID_TO_UTC integer, DEVICE_ID integer not null);
  insert into DEVICE values (1, 'Mi Smart Band 6', 'Huami', 'C4:11:22:33:44:55', 0, 'MIBAND6', null, 'Left wrist', null), (2, 'MI1A', 'Huami', 'C8:0F:10:00:00:01', 0, 'MIBAND', '1A', null, null);
  insert into DEVICE_ATTRIBUTES values (1, 'V1.0.6.16', null, 1700000000000, null, 1), (2, 'V1.0.1.81', null, 1690000000000, null, 2);
`

const at = (time: string) => Date.parse(`2026-10-14T${time}Z`)
const sec = (time: string) => at(time) / 1000

function database(sql: string, start = base): Uint8Array {
  const db = new DatabaseSync(':memory:')
  try {
    db.exec(start + sql)
    return db.serialize()
  } finally {
    db.close()
  }
}

async function read(sql: string): Promise<Read> {
  const done = await readFile(gadgetbridge, database(sql))
  expect(pieceFaultsOf(done)).toEqual([])
  return done
}

const activity = (name: string, columns: string) =>
  `create table ${name} (TIMESTAMP integer not null, DEVICE_ID integer not null, USER_ID integer not null, ${columns}, primary key (TIMESTAMP, DEVICE_ID) on conflict replace) without rowid;`

test('minutes of a band become steps and heart rates of that band', async () => {
  const result =
    await read(`${activity('MI_BAND_ACTIVITY_SAMPLE', 'RAW_INTENSITY integer, STEPS integer, RAW_KIND integer, HEART_RATE integer')}
    insert into MI_BAND_ACTIVITY_SAMPLE values (${sec('07:05:00')}, 1, 1, 20, 92, 1, 104), (${sec('07:06:00')}, 1, 1, 20, 0, 1, 255), (${sec('07:07:00')}, 1, 1, 0, 0, 3, -1)`)
  expect(pointsOf(result, 'steps')).toEqual([
    ['2026-10-14T07:05:00Z', 92, 60],
    ['2026-10-14T07:06:00Z', 0, 60],
  ])
  expect(pointsOf(result, 'heart_rate')).toEqual([['2026-10-14T07:05:00Z', 104]])
  expect(result.pieces[0]?.source).toEqual({
    key: 'gadgetbridge:C4:11:22:33:44:55',
    name: 'Left wrist',
    manufacturer: 'Huami',
    model: 'Mi Smart Band 6',
    serial: 'C4:11:22:33:44:55',
    firmware: 'V1.0.6.16',
    app: 'Gadgetbridge',
  })
  expect(unusedOf(result)).toEqual({
    'MI_BAND_ACTIVITY_SAMPLE RAW_INTENSITY': 1,
    'MI_BAND_ACTIVITY_SAMPLE HEART_RATE: not measured': 2,
    'MI_BAND_ACTIVITY_SAMPLE STEPS: nothing, while not worn': 1,
    'table android_metadata: not health': 1,
  })
})

const minutes = (from: string, kinds: (string | number)[]) =>
  kinds.map((kind, i) => `(${sec(from) + i * 60}, ${kind})`).join(', ')

test('the first bands and the later ones number their sleep differently, and later ones leave it out while it lasts', async () => {
  const table = activity('MI_BAND_ACTIVITY_SAMPLE', 'RAW_KIND integer, STEPS integer')
  const insert = (device: number, from: string, kinds: number[]) =>
    `insert into MI_BAND_ACTIVITY_SAMPLE select column1, ${device}, 1, column2, 0 from (values ${minutes(from, kinds)});`
  const result = await read(
    table + insert(1, '00:00:00', [112 + 9, 80, 90, 11, 10, 1, 4]) + insert(2, '00:00:00', [5, 5, 4, 9]),
  )
  const [first, second] = sessionsOf(result)
  expect(stagesOf(first)).toEqual(['light 00:00–00:03', 'deep 00:03–00:05'])
  expect(stagesOf(second)).toEqual(['light 00:00–00:02', 'deep 00:02–00:03'])
  expect(first?.externalId).toBe(`gadgetbridge:C4:11:22:33:44:55:sleep:${at('00:00:00')}`)
})

test('a newer Huami band tells deep and dream sleep by their own columns', async () => {
  const rows = [
    [120, 10, 0],
    [120, 128 + 43, 0],
    [120, 43, 128 + 56],
    [120, 42, 55],
    [1, 0, 0],
    [118, 0, 0],
  ].map(([kind, deep, rem], i) => `(${sec('01:00:00') + i * 60}, 1, 1, 0, 0, ${kind}, 52, 0, 0, ${deep}, ${rem})`)
  const result = await read(
    `${activity('HUAMI_EXTENDED_ACTIVITY_SAMPLE', 'RAW_INTENSITY integer, STEPS integer, RAW_KIND integer, HEART_RATE integer, UNKNOWN1 integer, SLEEP integer, DEEP_SLEEP integer, REM_SLEEP integer')}
     insert into HUAMI_EXTENDED_ACTIVITY_SAMPLE values ${rows.join(', ')}`,
  )
  expect(stagesOf(sessionsOf(result)[0])).toEqual([
    'light 01:00–01:01',
    'deep 01:01–01:02',
    'rem 01:02–01:03',
    'light 01:03–01:04',
  ])
  expect(sessionsOf(result)[0]?.totals).toMatchObject({
    sleep_total: 240,
    sleep_deep: 60,
    sleep_rem: 60,
    sleep_light: 120,
  })
})

test('stages of Xiaomi last until the next, the last one until waking up', async () => {
  const result = await read(`${activity('XIAOMI_SLEEP_STAGE_SAMPLE', 'STAGE integer')}
    ${activity('XIAOMI_SLEEP_TIME_SAMPLE', 'WAKEUP_TIME integer, IS_AWAKE integer, TOTAL_DURATION integer, DEEP_SLEEP_DURATION integer, LIGHT_SLEEP_DURATION integer, REM_SLEEP_DURATION integer, AWAKE_DURATION integer')}
    insert into XIAOMI_SLEEP_STAGE_SAMPLE values (${at('00:00:00')}, 1, 1, 3), (${at('00:40:00')}, 1, 1, 2), (${at('01:20:00')}, 1, 1, 4), (${at('01:30:00')}, 1, 1, 5);
    insert into XIAOMI_SLEEP_TIME_SAMPLE values (${at('00:00:00')}, 1, 1, ${at('01:45:00')}, 1, 90, 40, 40, 10, 15),
      (${at('13:00:00')}, 1, 1, ${at('13:30:00')}, 1, 28, 0, 28, 0, 2)`)
  const [night, nap] = sessionsOf(result)
  expect(stagesOf(night)).toEqual(['light 00:00–00:40', 'deep 00:40–01:20', 'rem 01:20–01:30', 'awake 01:30–01:45'])
  expect(nap).toMatchObject({
    parts: [],
    totals: { duration: 1800, sleep_total: 1680, sleep_light: 1680, sleep_awake: 120 },
  })
  expect(sessionsOf(result)).toHaveLength(2)
})

test('stages of Garmin end at their time, the first begins when the sleep did', async () => {
  const result = await read(`${activity('GARMIN_SLEEP_STAGE_SAMPLE', 'STAGE integer')}
    create table GARMIN_EVENT_SAMPLE (TIMESTAMP integer, DEVICE_ID integer, USER_ID integer, EVENT integer, EVENT_TYPE integer, DATA integer);
    insert into GARMIN_EVENT_SAMPLE values (${at('00:00:00')}, 1, 1, 74, 0, null), (${at('01:00:00')}, 1, 1, 74, 1, null);
    insert into GARMIN_SLEEP_STAGE_SAMPLE values (${at('00:20:00')}, 1, 1, 2), (${at('00:50:00')}, 1, 1, 3), (${at('01:00:00')}, 1, 1, 1)`)
  expect(stagesOf(sessionsOf(result)[0])).toEqual(['light 00:00–00:20', 'deep 00:20–00:50', 'awake 00:50–01:00'])
})

test.each([
  ['CMF_SLEEP_STAGE_SAMPLE', 1200, 1, 'deep 00:00–00:20'],
  ['COLMI_SLEEP_STAGE_SAMPLE', 20, 2, 'light 00:00–00:20'],
])('stages of %s have a length', async (table, duration, stage, expected) => {
  const result = await read(
    `${activity(table, 'DURATION integer, STAGE integer')} insert into ${table} values (${at('00:00:00')}, 1, 1, ${duration}, ${stage})`,
  )
  expect(stagesOf(sessionsOf(result)[0])).toEqual([expected])
})

test.each([
  ['HUAMI_STRESS_SAMPLE', 'STRESS', 41, 'stress_score'],
  ['HUAMI_SPO2_SAMPLE', 'SPO2', 97, 'spo2'],
  ['HUAMI_HEART_RATE_MANUAL_SAMPLE', 'HEART_RATE', 61, 'heart_rate'],
  ['HUAMI_SLEEP_RESPIRATORY_RATE_SAMPLE', 'RATE', 14, 'respiratory_rate'],
  ['GARMIN_BODY_ENERGY_SAMPLE', 'ENERGY', 63, 'energy_reserve'],
  ['GARMIN_HRV_VALUE_SAMPLE', 'VALUE', 44, 'hrv_rmssd'],
  ['GARMIN_RESPIRATORY_RATE_SAMPLE', 'RESPIRATORY_RATE', 14.5, 'respiratory_rate'],
  ['GARMIN_RESTING_METABOLIC_RATE_SAMPLE', 'RESTING_METABOLIC_RATE', 1700, 'basal_metabolic_rate'],
  ['MI_SCALE_WEIGHT_SAMPLE', 'WEIGHT_KG', 74.25, 'body_mass'],
  ['CMF_HEART_RATE_SAMPLE', 'HEART_RATE', 61, 'heart_rate'],
  ['COLMI_SPO2_SAMPLE', 'SPO2', 97, 'spo2'],
])('%s %s is read in milliseconds', async (table, column, value, metric) => {
  const result = await read(
    `${activity(table, `UTC_OFFSET integer, ${column} real`)} insert into ${table} values (${at('06:30:00.250')}, 1, 1, 7200000, ${value}), (${at('06:31:00')}, 1, 1, 7200000, -1)`,
  )
  expect(pointsOf(result, metric)).toEqual([['2026-10-14T06:30:00.250Z', value]])
  expect([...(seriesOf(result, metric)[0]?.offsets ?? [])]).toEqual([120])
})

test.each([
  ['HUAMI_HEART_RATE_RESTING_SAMPLE', 'HEART_RATE', 'resting_heart_rate'],
  ['HUAMI_PAI_SAMPLE', 'PAI_TOTAL', 'pai'],
  ['XIAOMI_DAILY_SUMMARY_SAMPLE', 'HR_RESTING', 'resting_heart_rate'],
  ['GARMIN_SLEEP_STATS_SAMPLE', 'SLEEP_SCORE', 'sleep_score'],
  ['GARMIN_HRV_SUMMARY_SAMPLE', 'LAST_NIGHT_AVERAGE', 'hrv_rmssd'],
])('%s %s belongs to its local day', async (table, column, metric) => {
  const result = await read(
    `${activity(table, `${column} real`)} insert into ${table} values (${at('22:30:00')}, 1, 1, 55)`,
  )
  expect(daysOf(result, metric)).toEqual([['2026-10-15', 55]])
})

test('single measurements of Xiaomi are told apart by their type', async () => {
  const result = await read(`${activity('XIAOMI_MANUAL_SAMPLE', 'TYPE integer, VALUE integer')}
    insert into XIAOMI_MANUAL_SAMPLE values (${at('08:00:00')}, 1, 1, 17, 66), (${at('08:01:00')}, 1, 1, 18, 98), (${at('08:02:00')}, 1, 1, 19, 30), (${at('08:03:00')}, 1, 1, 68, 365)`)
  expect(pointsOf(result, 'heart_rate')).toEqual([['2026-10-14T08:00:00Z', 66]])
  expect(pointsOf(result, 'spo2')).toEqual([['2026-10-14T08:01:00Z', 98]])
  expect(pointsOf(result, 'stress_score')).toEqual([['2026-10-14T08:02:00Z', 30]])
  expect(unusedOf(result)).toMatchObject({ 'XIAOMI_MANUAL_SAMPLE of type 68': 1 })
})

const workouts = `create table BASE_ACTIVITY_SUMMARY (_id integer primary key, NAME text, START_TIME integer not null, END_TIME integer not null, ACTIVITY_KIND integer not null,
  BASE_LONGITUDE integer, GPX_TRACK text, RAW_DETAILS_PATH text, DEVICE_ID integer not null, USER_ID integer not null, SUMMARY_DATA text, RAW_SUMMARY_DATA blob);`

test('a workout has the sums of its summary in our units, and all others beside it', async () => {
  const summary = {
    distanceMeters: { value: 5.2, unit: 'km' },
    activeSeconds: { value: 1800, unit: 'seconds' },
    averageHR: { value: 148, unit: 'bpm' },
    averageSpeed: { value: 10.8, unit: 'km_h' },
    caloriesBurnt: { value: 402, unit: 'calories_unit' },
    aerobicTrainingEffect: { value: 3.1, unit: '' },
    swimStyle: { value: 'freestyle', unit: 'string' },
  }
  const result = await read(`${workouts} insert into BASE_ACTIVITY_SUMMARY values
    (1, 'Park', ${at('16:00:00')}, ${at('16:31:00')}, 16, null, '/storage/emulated/0/files/gpx/run.gpx', null, 1, 1, '${JSON.stringify(summary)}', x'00'),
    (2, null, ${at('18:00:00')}, ${at('18:10:00')}, 999, null, null, null, 1, 1, '{broken', null)`)
  const [run, odd] = sessionsOf(result)
  expect(run).toEqual({
    kind: 'session',
    type: 'workout',
    activity: 'running',
    title: 'Park',
    start: at('16:00:00'),
    end: at('16:31:00'),
    externalId: `gadgetbridge:C4:11:22:33:44:55:workout:${at('16:00:00')}`,
    totals: {
      duration: 1860,
      distance: 5200,
      active_duration: 1800,
      heart_rate_avg: 148,
      speed_avg: expect.closeTo(3, 9),
      energy_total: 402,
    },
    parts: [],
    extra: {
      activity_kind: 16,
      gpx: 'run.gpx',
      summary: { aerobicTrainingEffect: summary.aerobicTrainingEffect, swimStyle: summary.swimStyle },
    },
  })
  expect(odd).toMatchObject({
    activity: 'other',
    totals: { duration: 600 },
    extra: { activity_kind: 999, summary: { unreadable: '{broken' } },
  })
  expect(unusedOf(result)).toMatchObject({
    'BASE_ACTIVITY_SUMMARY RAW_SUMMARY_DATA': 1,
    'BASE_ACTIVITY_SUMMARY BASE_LONGITUDE': 1,
  })
})

const someMinutes = `${activity('XIAOMI_ACTIVITY_SAMPLE', 'STEPS integer, HEART_RATE integer')} insert into XIAOMI_ACTIVITY_SAMPLE values (${sec('07:05:00')}, 1, 1, 92, 104);`

test('a later copy of one installation is of the same family, another phone’s is not', async () => {
  const first = await read(someMinutes)
  const later =
    await read(`${someMinutes} insert into XIAOMI_ACTIVITY_SAMPLE values (${sec('09:05:00')}, 1, 1, 92, 104);
    insert into DEVICE_ATTRIBUTES values (3, 'V2', null, 1750000000000, null, 1)`)
  const anew = await read(`${someMinutes} update DEVICE_ATTRIBUTES set VALID_FROM_UTC = VALID_FROM_UTC + 1`)
  expect(first.ending.complete?.asOf).toBe(at('07:05:00'))
  expect(later.ending.complete).toEqual({ family: first.ending.complete?.family, asOf: at('09:05:00') })
  expect(anew.ending.complete?.family).not.toBe(first.ending.complete?.family)
})

test('the same bytes give the same pieces, and nothing of the copy stays behind', async () => {
  const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('tributary-db-')).length
  const before = left()
  expect(fingerprint(await read(someMinutes))).toBe(fingerprint(await read(someMinutes)))
  const broken = gadgetbridge.read(input(database(someMinutes)))
  await broken.next()
  expect(left()).toBe(before) // not even while it is read
  await broken.return(undefined as never)
  expect(left()).toBe(before)
})

function input(bytes: Uint8Array) {
  async function* chunks() {
    yield bytes
  }
  const readAt = async (offset: number, length: number) => bytes.subarray(offset, offset + length)
  return { name: 'Gadgetbridge', now: Date.UTC(2026, 10, 20), timeZone: 'UTC', size: bytes.length, chunks, readAt }
}

async function refusal(bytes: Uint8Array): Promise<FormatError> {
  return readFile(gadgetbridge, bytes).then(
    () => {
      throw new Error('it was read')
    },
    (error) => error,
  )
}

test('a database of something else, and what is none, are refused', async () => {
  expect(await refusal(database('create table messages (a)', ''))).toMatchObject({ code: 'not_gadgetbridge' })
  expect(await refusal(Buffer.from('SQLite format 3\0 and then nothing of the kind'.padEnd(4096)))).toMatchObject({
    code: 'database_damaged',
  })
})

// ---- hostile files

test.each([
  [
    'an endless view',
    'create view MI_BAND_ACTIVITY_SAMPLE as with recursive n(i) as (select 1 union all select i + 1 from n) select i as TIMESTAMP, 1 as DEVICE_ID, 1 as STEPS, 0 as HEART_RATE, 0 as RAW_KIND from n',
  ],
  [
    'a virtual table',
    'create virtual table MI_BAND_ACTIVITY_SAMPLE using fts5(TIMESTAMP, DEVICE_ID, STEPS, HEART_RATE)',
  ],
  [
    'computed columns',
    `create table MI_BAND_ACTIVITY_SAMPLE (TIMESTAMP integer, DEVICE_ID integer, STEPS generated always as (length(zeroblob(1000000000))) virtual); insert into MI_BAND_ACTIVITY_SAMPLE values (${sec('07:05:00')}, 1)`,
  ],
])('%s in the place of a table is never run', async (_, sql) => {
  const begun = performance.now()
  const result = await read(someMinutes + sql)
  expect(performance.now() - begun).toBeLessThan(1000)
  expect(pointsOf(result, 'steps')).toHaveLength(1)
  expect(unusedOf(result)).toMatchObject({ 'table MI_BAND_ACTIVITY_SAMPLE: it would compute what it shows': 1 })
})

test('huge blobs and texts where numbers belong are not taken into memory', async () => {
  const result = await read(`${activity('MI_BAND_ACTIVITY_SAMPLE', 'STEPS, HEART_RATE, RAW_KIND')}
    insert into MI_BAND_ACTIVITY_SAMPLE values (${sec('07:05:00')}, 1, 1, zeroblob(15000000), 'many', 1), (${sec('07:06:00')}, 1, 1, 9223372036854775807, 70, 1), (${sec('07:07:00')}, 9, 1, 5, 70, 1), ('then', 1, 1, 5, 70, 1)`)
  expect(pointsOf(result, 'heart_rate')).toEqual([['2026-10-14T07:06:00Z', 70]])
  expect(result.ending.rejectedByCode).toEqual({ number_unreadable: 1, device_unknown: 1, time_unreadable: 1 })
})

test('a blob of forty megabytes costs its table only', async () => {
  const result = await read(
    `${someMinutes} ${activity('GARMIN_SPO2_SAMPLE', 'SPO2')} insert into GARMIN_SPO2_SAMPLE values (${at('07:05:00')}, 1, 1, zeroblob(40000000))`,
  )
  expect(pointsOf(result, 'steps')).toHaveLength(1)
  expect(result.ending.complete === undefined || result.ending.warnings.length === 0).toBe(true)
})

test('a database that was copied while it was written to is read as it stands', async () => {
  const bytes = Uint8Array.from(database(someMinutes))
  bytes[18] = bytes[19] = 2 // its header asks for a write-ahead log that is not there
  expect(pointsOf(await readFile(gadgetbridge, bytes), 'steps')).toHaveLength(1)
})

test('a tree that leads in circles ends', async () => {
  const rows = Array.from({ length: 3000 }, (_, i) => `(${sec('00:00:00') + i * 60}, 1, 1, ${i % 100}, 70)`).join(', ')
  const bytes = Uint8Array.from(
    database(
      `${activity('XIAOMI_ACTIVITY_SAMPLE', 'STEPS integer, HEART_RATE integer')} insert into XIAOMI_ACTIVITY_SAMPLE values ${rows}`,
    ),
  )
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const pageSize = view.getUint16(16)
  let pages = 0
  for (let page = pageSize; page < bytes.length; page += pageSize) {
    if (view.getUint8(page) !== 2) continue // an inner page of an index
    pages++
    const cells = view.getUint16(page + 3)
    for (let cell = 0; cell < cells; cell++)
      view.setUint32(page + view.getUint16(page + 12 + cell * 2), page / pageSize + 1)
    view.setUint32(page + 8, page / pageSize + 1)
  }
  expect(pages).toBeGreaterThan(0)
  const begun = performance.now()
  await readFile(gadgetbridge, bytes).catch((error) => expect(error.name).toBe('FormatError'))
  expect(performance.now() - begun).toBeLessThan(3000)
})
