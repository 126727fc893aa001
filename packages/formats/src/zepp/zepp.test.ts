import { expect, test } from 'vitest'
import { archiveReaders } from '../readers.ts'
import { pointsOf, seriesOf, sessionsOf, stagesOf, unusedOf } from '../testing/look.ts'
import { type Read, readArchive } from '../testing/read.ts'
import { fingerprint } from '../testing/silent-leaves.ts'
import { pieceFaultsOf } from '../testing/soundness.ts'
import { zepp } from './index.ts'

const file = (name: string, text: string) => ({
  [`1234567890_1760443200000/${name}/${name}_1760443200001.csv`]: `\uFEFF${text}`,
})

async function read(...files: { [path: string]: string }[]): Promise<Read> {
  const done = await readArchive(zepp, Object.assign({}, ...files))
  expect(pieceFaultsOf(done)).toEqual([])
  return done
}

const day = file(
  'ACTIVITY',
  'date,steps,distance,runDistance,calories\n2026-10-14,8120,5700,120,310\n2026-10-25,100,70,0,4\n',
)
const stage = file(
  'ACTIVITY_STAGE',
  'date,start,stop,distance,calories,steps\n2026-10-14,07:05,07:25,1400,62,1900\n2026-10-14,23:50,00:10,700,30,900\n',
)
const minute = file('ACTIVITY_MINUTE', 'date,time,steps\n2026-10-14,07:05,92\n')

test('sums of a day cover the whole local day, of 25 hours in October', async () => {
  const result = await read(day)
  expect(pointsOf(result, 'steps')).toEqual([
    ['2026-10-13T22:00:00Z', 8120, 86_400],
    ['2026-10-24T22:00:00Z', 100, 90_000],
  ])
  expect(pointsOf(result, 'distance')[0]).toEqual(['2026-10-13T22:00:00Z', 5700, 86_400])
  expect(pointsOf(result, 'energy_active')[0]).toEqual(['2026-10-13T22:00:00Z', 310, 86_400])
  expect(unusedOf(result)).toEqual({ 'Zepp ACTIVITY column rundistance': 1 })
})

test('the same movement is read once, from the finest table that tells it', async () => {
  const result = await read(day, stage, minute)
  expect(pointsOf(result, 'steps')).toEqual([['2026-10-14T05:05:00Z', 92, 60]])
  expect(pointsOf(result, 'distance')).toEqual([
    ['2026-10-14T05:05:00Z', 1400, 1200],
    ['2026-10-14T21:50:00Z', 700, 1200],
  ])
  expect(unusedOf(result)).toMatchObject({
    'Zepp ACTIVITY steps: the same is in ACTIVITY_MINUTE': 2,
    'Zepp ACTIVITY_STAGE steps: the same is in ACTIVITY_MINUTE': 2,
    'Zepp ACTIVITY distance: the same is in ACTIVITY_STAGE': 2,
  })
})

test('a table with nothing but its header does not hide the others', async () => {
  const result = await read(
    day,
    file('ACTIVITY_MINUTE', 'date,time,steps\n'),
    file('ACTIVITY_STAGE', 'date,start,stop\n'),
  )
  expect(pointsOf(result, 'steps')).toHaveLength(2)
})

test('heart rates taken by hand carry their zone, those of the night are local', async () => {
  const result = await read(
    file('HEARTRATE', 'time,heartRate\n2026-10-14 06:00:00+0000,61\n'),
    file(
      'HEARTRATE_AUTO',
      'date,time,heartRate\n2026-10-14,07:41,58\n2026-10-14,07:42,255\n2026-10-25,02:30,50\n2026-10-25,02:31,51\n2026-10-25,02:30,52\n',
    ),
  )
  expect(pointsOf(result, 'heart_rate')).toEqual([
    ['2026-10-14T05:41:00Z', 58],
    ['2026-10-14T06:00:00Z', 61],
    ['2026-10-25T00:30:00Z', 50],
    ['2026-10-25T00:31:00Z', 51],
    ['2026-10-25T01:30:00Z', 52],
  ])
  expect(unusedOf(result)).toEqual({ 'Zepp heart rate: not measured': 1 })
})

const sleep = file(
  'SLEEP',
  'date,deepSleepTime,shallowSleepTime,wakeTime,start,stop,REMTime,naps\n2026-10-14,1,2,1,2026-10-13 21:22:00+0000,2026-10-13 21:28:00+0000,1,\n2026-10-15,0,0,0,2026-10-14 22:00:00+0000,2026-10-14 22:00:00+0000,0,null\n',
)
const minutes = (date: string) =>
  file(
    'SLEEP_MINUTE',
    `date,time,stage,hr,respiratory_rate\n${['LIGHT', 'LIGHT', 'DEEP', 'AWAKE', 'REM'].map((word, i) => `${date},23:2${i + 2},${word},5${i},14\n`).join('')}`,
  )

test.each(['2026-10-13', '2026-10-14'])('a night takes the minutes that lie in its span, dated %s', async (date) => {
  const result = await read(sleep, minutes(date))
  const [night, ...others] = sessionsOf(result)
  expect(others).toEqual([])
  expect(stagesOf(night)).toEqual(['light 21:22–21:24', 'deep 21:24–21:25', 'awake 21:25–21:26', 'rem 21:26–21:27'])
  expect(night).toMatchObject({
    externalId: `zepp:sleep:${Date.parse('2026-10-13T21:22:00Z')}`,
    totals: {
      duration: 360,
      sleep_time_in_bed: 360,
      sleep_total: 240,
      sleep_deep: 60,
      sleep_light: 120,
      sleep_rem: 60,
      sleep_awake: 60,
    },
    extra: { date: '2026-10-14' },
  })
  expect(unusedOf(result)).toEqual({ 'Zepp nights in which nothing was worn': 1 })
  expect(seriesOf(result, 'respiratory_rate')[0]?.v).toHaveLength(5)
})

test('a night is known by its sums alone where there are no minutes, and by its minutes alone where there are no sums', async () => {
  const [sums] = sessionsOf(await read(sleep))
  expect(sums).toMatchObject({ parts: [], totals: { sleep_total: 240, sleep_awake: 60 } })
  const [stages] = sessionsOf(await read(minutes('2026-10-13')))
  expect(stages?.totals).toMatchObject({ sleep_total: 240, sleep_awake: 60 })
})

test('a workout has its length, way and pace', async () => {
  const result = await read(
    file(
      'SPORT',
      'type,startTime,sportTime(s),maxPace(/meter),minPace(/meter),distance(m),avgPace(/meter),calories(kcal)\n1,2026-10-14 16:00:00+0000,1800,0.25,0.5,5000,0.36,402\n99,2026-10-15 16:00:00+0000,60,0,0,0,0,5\n',
    ),
  )
  const [run, odd] = sessionsOf(result)
  expect(run).toMatchObject({
    activity: 'running',
    start: Date.parse('2026-10-14T16:00:00Z'),
    end: Date.parse('2026-10-14T16:30:00Z'),
    externalId: `zepp:workout:${Date.parse('2026-10-14T16:00:00Z')}`,
    totals: { duration: 1800, distance: 5000, energy_active: 402, speed_max: 4, speed_avg: expect.closeTo(2.7778, 4) },
    extra: { sport_type: 1, pace_max: '0.25', pace_min: '0.5' },
  })
  expect(odd).toMatchObject({ activity: 'other', extra: { sport_type: 99 } })
})

test('a scale writes null or zero for what it could not measure', async () => {
  const result = await read(
    file(
      'BODY',
      'time,weight,height,bmi,fatRate,bodyWaterRate,boneMass,metabolism,muscleRate,visceralFat\n2026-10-14 05:12:00+0000,74.2,178,23.4,null,0,3.1,1650,57,7\n',
    ),
  )
  expect(pointsOf(result, 'body_mass')).toEqual([['2026-10-14T05:12:00Z', 74.2]])
  expect(seriesOf(result, 'body_height')).toMatchObject([{ unit: 'cm', v: Float64Array.of(178) }])
  expect(pointsOf(result, 'body_fat')).toEqual([])
  expect(pointsOf(result, 'body_water')).toEqual([])
  expect(pointsOf(result, 'visceral_fat_rating')).toEqual([['2026-10-14T05:12:00Z', 7]])
  expect(unusedOf(result)).toEqual({ 'Zepp BODY column musclerate': 1 })
})

test('rows that cannot be read are kept, tables that are none of ours are named', async () => {
  const result = await read(
    file('HEARTRATE_AUTO', 'date,time,heartRate\nsoon,07:41,58\n2026-10-14,07:41,many\n'),
    file('SLEEP', 'date,start,stop\n2026-10-14,then,now\n'),
    file('USER', 'userId,gender,birthday\n1,1,1990-01\n'),
    file('MYSTERY', 'a\n1\n'),
  )
  expect(result.ending.rejectedByCode).toEqual({ time_unreadable: 2, number_unreadable: 1 })
  expect(result.pieces.flatMap(({ unusable }) => unusable)[2]?.raw).toMatch(/\ndate,start,stop\n2026-10-14,then,now$/)
  expect(unusedOf(result)).toMatchObject({ 'Zepp USER: a profile, not measurements': 1, 'Zepp MYSTERY: not read': 1 })
})

test('the same bytes give the same pieces', async () => {
  const files = [day, stage, minute, sleep, minutes('2026-10-13')]
  expect(fingerprint(await read(...files))).toBe(fingerprint(await read(...files.toReversed())))
  expect(archiveReaders).toContain(zepp)
})
