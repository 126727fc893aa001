import { DatabaseSync } from 'node:sqlite'
import { ownExportSeed } from './own-export-seed.ts'

/** Small exports on the shape of real ones, by the reader that takes them: every kind of file, every field that is known of it. */
type Files = Readonly<Record<string, string>>

const t = (time: string) => Date.parse(`2026-10-14T${time}Z`)
const s = (time: string) => t(time) / 1000
const json = (value: unknown) => JSON.stringify(value)

function stream(type: string, stream: string, values: object[]): Files {
  const id = `derived:${type}:com.google.android.gms:${stream}`
  const points = values.map((value, i) => ({
    fitValue: [{ value }],
    originDataSourceId: `raw:${type}:com.example.band:Acme:Band 2:1a2b:live`,
    endTimeNanos: `${t('07:06:00') + i * 60_000}000000`,
    dataTypeName: type,
    startTimeNanos: `${t('07:05:00') + i * 60_000}000000`,
    modifiedTimeMillis: '1791961702000',
    rawTimestampNanos: '0',
  }))
  return {
    [`Takeout/Fit/All Data/${id.replaceAll(':', '_')}.json`]: json({ 'Data Source': id, 'Data Points': points }),
  }
}

const global = 'Takeout/Fitbit/Global Export Data'
const pairs = (kind: string, ...list: [string, unknown][]): Files => ({
  [`${global}/${kind}-2026-10-14.json`]: json(list.map(([dateTime, value]) => ({ dateTime, value }))),
})

const fitbitNight = {
  logId: 48112233445,
  dateOfSleep: '2026-10-14',
  startTime: '2026-10-13T23:04:30.000',
  endTime: '2026-10-14T00:40:30.000',
  duration: 5_760_000,
  minutesToFallAsleep: 2,
  minutesAsleep: 88,
  minutesAwake: 8,
  minutesAfterWakeup: 1,
  timeInBed: 96,
  efficiency: 92,
  type: 'stages',
  infoCode: 0,
  levels: {
    summary: { deep: { count: 1, minutes: 30, thirtyDayAvgMinutes: 76 } },
    data: [
      { dateTime: '2026-10-13T23:04:30.000', level: 'wake', seconds: 360 },
      { dateTime: '2026-10-13T23:10:30.000', level: 'light', seconds: 3600 },
      { dateTime: '2026-10-14T00:10:30.000', level: 'deep', seconds: 1800 },
    ],
    shortData: [{ dateTime: '2026-10-13T23:40:30.000', level: 'wake', seconds: 120 }],
  },
  mainSleep: true,
}

const takeout: Files = {
  ...stream('com.google.step_count.delta', 'estimated_steps', [{ intVal: 90 }, { intVal: 4 }]),
  ...stream('com.google.heart_rate.bpm', 'merge_heart_rate_bpm', [{ fpVal: 67 }, { fpVal: 68.5 }]),
  ...stream('com.google.sleep.segment', 'merged', [{ intVal: 4 }, { intVal: 5 }, { intVal: 1 }]),
  ...stream('com.google.active_minutes', 'merge_active_minutes', [{ intVal: 1 }]),
  'Takeout/Fit/All Sessions/run.json': json({
    fitnessActivity: 'running',
    startTime: '2026-10-14T16:00:00.000Z',
    endTime: '2026-10-14T16:31:00.000Z',
    duration: '1850.5s',
    segment: [
      { fitnessActivity: 'running', startTime: '2026-10-14T16:00:00.000Z', endTime: '2026-10-14T16:31:00.000Z' },
    ],
    aggregate: [{ metricName: 'com.google.distance.delta', floatValue: 5200.5 }],
  }),
  ...pairs(
    'heart_rate',
    ['10/14/26 07:05:09', { bpm: 71, confidence: 2 }],
    ['10/14/26 07:05:14', { bpm: 72, confidence: 3 }],
  ),
  ...pairs('steps', ['10/14/26 07:05:00', '90'], ['10/14/26 07:06:00', '0']),
  ...pairs('calories', ['10/14/26 07:05:00', '1.18']),
  ...pairs('sedentary_minutes', ['10/14/26 00:00:00', '702']),
  ...pairs('resting_heart_rate', ['10/14/26 00:00:00', { date: '10/14/26', value: 57.5, error: 6.8 }]),
  [`${global}/sleep-2026-10-14.json`]: json([fitbitNight]),
  [`${global}/exercise-0.json`]: json([
    {
      logId: 7,
      activityName: 'Run',
      duration: 2_711_000,
      distance: 4,
      distanceUnit: 'Mile',
      startTime: '10/14/26 16:01:12',
      speed: 6,
    },
  ]),
  [`${global}/weight-2026-10-14.json`]: json([
    { logId: 1, weight: 165, bmi: 24.1, date: '10/14/26', time: '07:12:44' },
  ]),
  'Takeout/Fitbit/Sleep Score/sleep_score.csv':
    'sleep_log_entry_id,timestamp,overall_score\n4,2026-10-14T05:03:30Z,78\n',
  'Takeout/Fitbit/Oxygen Saturation (SpO2)/Minute SpO2 - 2026-10-14.csv':
    'timestamp,value\n2026-10-14T01:00:00Z,96.4\n',
  'Takeout/Fitbit/Temperature/Computed Temperature - 2026-10-01.csv':
    'type,sleep_start,sleep_end,nightly_temperature\nIDT,2026-10-13T23:14:30,2026-10-14T06:11:30,34.07\n',
}

const mi = '20261014_9_MiFitness'
const miTable = (rows: [key: string, value: unknown][], header = 'Uid,Sid,Key,Time,Value,UpdateTime', between = '') =>
  `\uFEFF${header}\n${rows.map(([key, value]) => `9,huami.6,${key},${s('07:05:00')},${between}"${json(value).replaceAll('"', '""')}",1\n`).join('')}`

const miFitness: Files = {
  [`${mi}_hlth_center_fitness_data.csv`]: miTable([
    ['steps', { time: s('07:05:00'), steps: 90, distance: 64, calories: 3 }],
    ['heart_rate', { time: s('07:05:00'), bpm: 71, type: 0 }],
    ['resting_heart_rate', { date_time: s('00:00:00'), bpm: 57 }],
    ['weight', { time: s('05:00:00'), weight: 74.2, bmi: 23.4, body_fat_rate: 18.6, visceral_fat: 7 }],
    [
      'watch_night_sleep',
      {
        bedtime: s('00:00:00'),
        wake_up_time: s('01:30:00'),
        duration: 90,
        timezone: 8,
        items: [
          { start_time: s('00:00:00'), end_time: s('00:40:00'), state: 3 },
          { start_time: s('00:40:00'), end_time: s('01:30:00'), state: 2 },
        ],
      },
    ],
    ['valid_stand', { start_time: s('08:00:00'), end_time: s('09:00:00') }],
  ]),
  [`${mi}_hlth_center_sport_record.csv`]: miTable(
    [
      [
        'outdoor_running',
        { start_time: s('16:00:00'), end_time: s('16:31:00'), distance: 5200, avg_hrm: 148, timezone: 8 },
      ],
    ],
    'Uid,Sid,Key,Time,Category,Value,UpdateTime',
    'outdoor,',
  ),
}

const zeppTable = (name: string, text: string): Files => ({
  [`1_1/${name}/${name}_1760443200001.csv`]: `\uFEFF${text}`,
})

const zepp: Files = {
  ...zeppTable('ACTIVITY', 'date,steps,distance,runDistance,calories\n2026-10-14,8120,5700,120,310\n'),
  ...zeppTable('ACTIVITY_STAGE', 'date,start,stop,distance,calories,steps\n2026-10-14,23:50,00:10,700,30,900\n'),
  ...zeppTable('HEARTRATE_AUTO', 'date,time,heartRate\n2026-10-14,07:41,58\n2026-10-14,07:42,255\n'),
  ...zeppTable(
    'SLEEP',
    'date,deepSleepTime,shallowSleepTime,wakeTime,start,stop,REMTime,naps\n2026-10-14,1,2,1,2026-10-13 21:22:00+0000,2026-10-13 21:28:00+0000,1,\n',
  ),
  ...zeppTable(
    'SLEEP_MINUTE',
    'date,time,stage,hr,respiratory_rate\n2026-10-13,23:22,LIGHT,51,14\n2026-10-13,23:23,DEEP,50,14\n',
  ),
  ...zeppTable(
    'SPORT',
    'type,startTime,sportTime(s),maxPace(/meter),minPace(/meter),distance(m),avgPace(/meter),calories(kcal)\n1,2026-10-14 16:00:00+0000,1800,0.25,0.5,5000,0.36,402\n',
  ),
  ...zeppTable('BODY', 'time,weight,height,bmi,fatRate\n2026-10-14 05:12:00+0000,74.2,178,23.4,null\n'),
}

export const archiveSeeds = { takeout, mi_fitness: miFitness, zepp, tributary: ownExportSeed } satisfies Record<
  string,
  Files
>

export function gadgetbridgeSeed(): Uint8Array {
  const db = new DatabaseSync(':memory:')
  try {
    db.exec(`
      create table DEVICE (_id integer primary key, NAME text, MANUFACTURER text, IDENTIFIER text, TYPE integer, TYPE_NAME text, MODEL text, ALIAS text);
      create table DEVICE_ATTRIBUTES (_id integer primary key, FIRMWARE_VERSION1 text, VALID_FROM_UTC integer, DEVICE_ID integer);
      insert into DEVICE values (1, 'Band', 'Huami', 'C4:11:22:33:44:55', 0, 'MIBAND6', null, null);
      insert into DEVICE_ATTRIBUTES values (1, 'V1', 1700000000000, 1);
      create table HUAMI_EXTENDED_ACTIVITY_SAMPLE (TIMESTAMP integer, DEVICE_ID integer, USER_ID integer, STEPS integer, RAW_KIND integer, HEART_RATE integer,
        DEEP_SLEEP integer, REM_SLEEP integer, primary key (TIMESTAMP, DEVICE_ID)) without rowid;
      create table XIAOMI_SLEEP_STAGE_SAMPLE (TIMESTAMP integer, DEVICE_ID integer, USER_ID integer, STAGE integer);
      create table BASE_ACTIVITY_SUMMARY (_id integer primary key, NAME text, START_TIME integer, END_TIME integer, ACTIVITY_KIND integer, DEVICE_ID integer, SUMMARY_DATA text);
      insert into XIAOMI_SLEEP_STAGE_SAMPLE values (${t('00:00:00')}, 1, 1, 3), (${t('00:40:00')}, 1, 1, 2), (${t('01:20:00')}, 1, 1, 4);
      insert into BASE_ACTIVITY_SUMMARY values (1, 'Park', ${t('16:00:00')}, ${t('16:31:00')}, 16, 1, '{"distanceMeters":{"value":5200,"unit":"meters"}}');
    `)
    const insert = db.prepare('insert into HUAMI_EXTENDED_ACTIVITY_SAMPLE values (?, 1, 1, ?, ?, ?, 50, 0)')
    for (let i = 0; i < 300; i++) insert.run(s('02:00:00') + i * 60, i % 90, i < 100 ? 120 : 1, 50 + (i % 40))
    return db.serialize()
  } finally {
    db.close()
  }
}
