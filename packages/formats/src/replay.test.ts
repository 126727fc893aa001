/** A record that was refused is kept whole enough that a better reader, or a later day, makes readings of it. */
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import type { Piece } from './piece.ts'
import { archiveReaders, fileReaders } from './readers.ts'
import { pointsOf } from './testing/look.ts'
import { type Read, readArchive, readFile, readingNow } from './testing/read.ts'

const options = { now: readingNow, timeZone: 'Europe/Warsaw' }
const readers = [...fileReaders, ...archiveReaders]
const again = (format: string, raw: string): Piece | Promise<Piece> | undefined =>
  readers.find((reader) => reader.format === format)?.replay?.(raw, options)

async function archive(format: string, files: Record<string, string>): Promise<Read> {
  const reader = archiveReaders.find((reader) => reader.format === format)
  if (!reader) throw new Error(`no reader of ${format}`)
  return readArchive(reader, files, options)
}

/** The one record that was refused. */
function kept({ pieces }: Read): string {
  const unusable = pieces.flatMap((piece) => piece.unusable)
  expect(unusable).toHaveLength(1)
  return unusable[0]?.raw ?? ''
}

const points = (piece: Piece | undefined, metric: string) => {
  expect(piece?.unusable).toEqual([])
  return pointsOf({ readings: piece?.readings ?? [], pieces: piece ? [piece] : [] } as unknown as Read, metric)
}

const nanos = (text: string) => `${Date.parse(text)}000000`
const fitPoint = (start: string, value: object) => ({
  fitValue: [{ value }],
  startTimeNanos: start,
  endTimeNanos: nanos('2026-10-14T07:06:00Z'),
})
const fitFile = (type: string, ...records: object[]) => ({
  [`Takeout/Fit/All Data/derived_${type}_x.json`]: JSON.stringify({
    'Data Source': `derived:${type}:com.google.android.gms:merged`,
    'Data Points': records,
  }),
})

describe('of Google Takeout', () => {
  test('a rejected point of a stream is read again after a fix', async () => {
    const read = await archive('takeout', fitFile('com.google.step_count.delta', fitPoint('soon', { intVal: 90 })))
    const raw = kept(read)
    expect(points(await again('takeout', raw.replace('soon', nanos('2026-10-14T07:05:00Z'))), 'steps')).toEqual([
      ['2026-10-14T07:05:00Z', 90, 60],
    ])
    expect((await again('takeout', raw))?.unusable, 'and is refused again without one').toMatchObject([
      { code: 'time_unreadable' },
    ])
  })

  test('a rejected weight, workout and row of a table are read again after a fix', async () => {
    const folder = 'Takeout/Fitbit/Global Export Data'
    const weight = { weight: 74, bmi: 23, date: 'soon', time: '07:12:44' }
    const raw = kept(await archive('takeout', { [`${folder}/weight-2026-10-14.json`]: JSON.stringify([weight]) }))
    expect(points(await again('takeout', raw.replace('soon', '10/14/26')), 'body_mass')).toEqual([
      ['2026-10-14T05:12:44Z', 74],
    ])
    const run = { logId: 7, activityName: 'Run', startTime: 'soon', duration: 60_000 }
    const exercise = kept(await archive('takeout', { [`${folder}/exercise-0.json`]: JSON.stringify([run]) }))
    expect(await again('takeout', exercise.replace('soon', '10/14/26 07:00:00'))).toMatchObject({
      sessions: [{ activity: 'running', externalId: 'fitbit:exercise:7' }],
    })
    const path = 'Takeout/Fitbit/Daily SpO2/Daily SpO2 - 2026-10-14.csv'
    const row = kept(await archive('takeout', { [path]: 'timestamp,average_value\nsoon,97\n' }))
    expect(points(await again('takeout', row.replace('soon', '2026-10-14T07:00:00Z')), 'spo2')).toEqual([
      ['2026-10-14T07:00:00Z', 97],
    ])
  })

  test('a rejected part of a day’s sum or of a night says that it is read with its file only', async () => {
    const part = kept(await archive('takeout', fitFile('com.google.heart_minutes', fitPoint('soon', { intVal: 2 }))))
    await expect(again('takeout', part.replace('soon', nanos('2026-10-14T07:05:00Z')))).rejects.toMatchObject({
      code: 'part_of_day',
      detail: expect.stringContaining('import its file again'),
    })
    const stage = kept(await archive('takeout', fitFile('com.google.sleep.segment', fitPoint('soon', { intVal: 4 }))))
    await expect(again('takeout', stage.replace('soon', nanos('2026-10-14T01:05:00Z')))).rejects.toMatchObject({
      code: 'part_of_night',
      detail: expect.stringContaining('import its file again'),
    })
  })
})

describe('of Mi Fitness', () => {
  const name = 'MiFitness_hlth_center_fitness_data.csv'
  const row = (key: string, value: string) =>
    `Uid,Sid,Key,Time,Value\n9,huami.1,${key},${Date.parse('2026-10-14T07:05:00Z') / 1000},"${value.replaceAll('"', '""')}"\n`

  test('a rejected heart rate is read again after a fix', async () => {
    const raw = kept(await archive('mi_fitness', { [name]: row('heart_rate', '{"bpm":7x}') }))
    expect(points(await again('mi_fitness', raw.replace('7x', '71')), 'heart_rate')).toEqual([
      ['2026-10-14T07:05:00Z', 71],
    ])
  })

  test('a rejected figure of a day counts no step that the table of minutes has', async () => {
    const daily = 'MiFitness_hlth_center_aggregated_fitness_data.csv'
    const files = { [name]: row('heart_rate', '{"bpm":71}'), [daily]: row('steps', '{"steps":9000x}') }
    const alone = kept(await archive('mi_fitness', { [daily]: files[daily] as string }))
    expect((await again('mi_fitness', alone.replace('9000x', '9000')))?.readings).toHaveLength(1)
    const beside = kept(await archive('mi_fitness', files))
    await expect(again('mi_fitness', beside.replace('9000x', '9000'))).rejects.toMatchObject({ code: 'empty' })
  })
})

describe('of Zepp', () => {
  const file = (name: string, text: string) => ({ [`1/${name}/${name}_1760443200001.csv`]: text })

  test('a rejected row is read again after a fix, as of an export with the same tables', async () => {
    const minutes = file('ACTIVITY_MINUTE', 'date,time,steps\n2026-10-14,07:05,92\n')
    const stage = (date: string) =>
      file('ACTIVITY_STAGE', `date,start,stop,distance,steps\n${date},07:05,07:25,1400,1900\n`)
    const raw = kept(await archive('zepp', { ...minutes, ...stage('soon') }))
    const piece = await again('zepp', raw.replace('soon', '2026-10-14'))
    expect(points(piece, 'distance')).toEqual([['2026-10-14T05:05:00Z', 1400, 1200]])
    expect(points(piece, 'steps'), 'which the minutes tell').toEqual([])
  })

  test('a rejected night is read again where no other table tells its stages', async () => {
    const sleep = file('SLEEP', 'date,start,stop,deepSleepTime\n2026-10-14,then,2026-10-14 05:00:00+0000,60\n')
    const fixed = (raw: string) => again('zepp', raw.replace('then', '2026-10-13 22:00:00+0000'))
    expect(await fixed(kept(await archive('zepp', sleep)))).toMatchObject({ sessions: [{ type: 'sleep' }] })
    const told = file('SLEEP_MINUTE', 'date,time,stage\n2026-10-14,00:05,DEEP\n')
    await expect(fixed(kept(await archive('zepp', { ...sleep, ...told })))).rejects.toMatchObject({
      code: 'part_of_night',
    })
  })
})

describe('of Gadgetbridge', () => {
  async function read(sql: string): Promise<Read> {
    const db = new DatabaseSync(':memory:')
    try {
      db.exec(`create table DEVICE (_id integer primary key, NAME text, MANUFACTURER text, IDENTIFIER text, TYPE_NAME text);
        insert into DEVICE values (1, 'Band', 'Huami', 'C4:11', 'MIBAND6');
        create table HUAMI_SPO2_SAMPLE (TIMESTAMP integer, DEVICE_ID integer, SPO2);
        create table BASE_ACTIVITY_SUMMARY (_id integer, NAME text, START_TIME, END_TIME, ACTIVITY_KIND integer, DEVICE_ID integer);
        ${sql}`)
      const reader = fileReaders.find(({ format }) => format === 'gadgetbridge')
      if (!reader) throw new Error('no reader of Gadgetbridge')
      return await readFile(reader, db.serialize(), options)
    } finally {
      db.close()
    }
  }
  const t = Date.parse('2026-10-14T07:05:00Z')

  test('a rejected row is read again after a fix, as of its device', async () => {
    const raw = kept(await read(`insert into HUAMI_SPO2_SAMPLE values (${t}, 1, 'many')`))
    const piece = await again('gadgetbridge', raw.replace('"many"', '97'))
    expect(points(piece, 'spo2')).toEqual([['2026-10-14T07:05:00Z', 97]])
    expect(piece?.source).toMatchObject({ key: 'gadgetbridge:C4:11', serial: 'C4:11' })
  })

  test('a rejected workout is read again after a fix', async () => {
    const raw = kept(await read(`insert into BASE_ACTIVITY_SUMMARY values (1, 'Run', 'soon', ${t + 60_000}, 16, 1)`))
    expect(await again('gadgetbridge', raw.replace('"soon"', String(t)))).toMatchObject({
      sessions: [{ activity: 'running', start: t }],
    })
  })

  test('a row of a device that the database does not know says that it belongs to nothing', async () => {
    const raw = kept(await read(`insert into HUAMI_SPO2_SAMPLE values (${t}, 9, 97)`))
    expect(() => again('gadgetbridge', raw)).toThrow(/belongs to no device/)
  })
})

describe('of our own export', () => {
  const manifest = JSON.stringify({
    format: 'tributary',
    version: 1,
    sources: [{ key: 'k', name: 'Watch' }],
    counts: { samples: 1, days: 0, events: 0, positions: 0, sessions: 0, files: 0 },
  })

  test('a rejected line is read again after a fix', async () => {
    const line = '{"metric":"heart_rate","n":1,"t":["soon"],"v":[60]}\n'
    const raw = kept(await archive('tributary', { 'samples/0.ndjson': line, 'manifest.json': manifest }))
    const fixed = raw.replace('"soon"', String(Date.parse('2026-10-14T07:05:00Z')))
    expect(points(await again('tributary', fixed), 'heart_rate')).toEqual([['2026-10-14T07:05:00Z', 60]])
    expect(() => again('tributary', raw)).toThrow(expect.objectContaining({ code: 'line_unreadable' }))
  })

  test('a line that is too long to be kept says that its file is needed', async () => {
    const line = `{"metric":"heart_rate","n":1,"t":[1],"v":["${'x'.repeat(9000)}"]}\n`
    const raw = kept(await archive('tributary', { 'samples/0.ndjson': line, 'manifest.json': manifest }))
    expect(raw).toHaveLength(8_000)
    expect(() => again('tributary', raw)).toThrow(/too long to be kept whole: import its file again/)
  })
})
