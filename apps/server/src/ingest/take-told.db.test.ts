import { randomUUID } from 'node:crypto'
import { writeRide } from '@tributary/formats/testing'
import type { SampleReading, SessionReading } from '@tributary/protocol'
import type { RecordSource, Told } from '@tributary/providers/kit'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SignedInPerson, startServer, type TestServer } from '../../test/kit.ts'
import type { FlushStatement } from '../platform/samples/flush.queries.ts'
import { ConnectionEnded } from '../platform/sources/open-connection.ts'
import { createTakeTold } from './take-told.ts'
import type { ToldTally } from './telling.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.stop())

const noon = Date.UTC(2026, 5, 1, 12)
const minute = 60_000
const isoNoon = new Date(noon).toISOString()

interface Connected extends SignedInPerson {
  connectionId: string
  tell(told: Told[], source?: RecordSource): Promise<ToldTally>
}

async function connected(provider = 'strava'): Promise<Connected> {
  const person = await server.person()
  const connectionId = await connect(person.userId, provider)
  const { userId } = person
  return {
    ...person,
    connectionId,
    tell: (told, source) => server.parts.takeTold({ userId, connectionId, provider, source, told, feed: 'all' }),
  }
}

async function connect(userId: string, provider: string): Promise<string> {
  const connectionId = randomUUID()
  await server.parts.db.write({ userId }, (tx) =>
    sql`insert into connections (user_id, connection_id, provider, provider_account, short_id, status)
      values (${userId}, ${connectionId}, ${provider}, ${connectionId}, next_short_id(${userId}, ${provider}), 'active')`.execute(
      tx,
    ),
  )
  return connectionId
}

const rows = async <T>(userId: string, query: (tx: never) => Promise<{ rows: T[] }>): Promise<T[]> =>
  (await server.parts.db.read({ userId }, (tx) => query(tx as never))).rows

const sessionsOf = ({ userId }: Connected) =>
  rows(userId, (tx) =>
    sql<{ title: string; parts: number; tracks: number; external_id: string; distance: number }>`
      select title, external_id, (totals ->> 'distance')::float8 as distance,
        (select count(*)::int4 from session_parts p where p.user_id = s.user_id and p.session_id = s.session_id) as parts,
        (select count(*)::int4 from tracks t where t.user_id = s.user_id and t.session_id = s.session_id) as tracks
      from sessions s where user_id = ${userId} and deleted_at is null order by external_id`.execute(tx),
  )

async function valuesOf({ userId }: Connected, metric: string): Promise<[number, number][]> {
  const series = await rows(userId, (tx) =>
    sql<{
      series_id: number
    }>`select series_id::float8 from series where user_id = ${userId} and metric = ${metric}`.execute(tx),
  )
  const all: [number, number][] = []
  for (const { series_id } of series) {
    const { t, v } = await server.parts.store.readColumns({ userId, seriesId: series_id, from: 0, to: noon * 2 })
    all.push(...Array.from(t, (time, i): [number, number] => [time, v[i] as number]))
  }
  return all.sort((a, b) => a[0] - b[0])
}

const ride = (more: Partial<SessionReading> = {}): SessionReading => ({
  kind: 'session',
  type: 'workout',
  activity: 'cycling',
  title: 'Morning ride',
  start: noon,
  end: noon + 60 * minute,
  externalId: '77',
  totals: { distance: 20_000 },
  parts: [],
  ...more,
})
const lap = { kind: 'lap' as const, start: noon, end: noon + minute }
const track = {
  t: Float64Array.of(noon, noon + 1_000),
  lat: Float64Array.of(52.5, 52.6),
  lon: Float64Array.of(13.4, 13.5),
}
const pulse = (t: number, value: number, more: Partial<SampleReading> = {}): SampleReading => ({
  kind: 'sample',
  metric: 'heart_rate',
  t,
  value,
  ...more,
})
const counts = ({ rejected, ...tally }: ToldTally) => ({ ...tally, rejected: rejected.length })

const waitingOf = ({ userId }: Connected) =>
  rows(userId, (tx) =>
    sql<{ record_id: string; feed: string; code: string; raw: { kind: string } }>`
      select record_id, feed, code, raw::json as raw from quarantine where user_id = ${userId} order by record_id`.execute(
      tx,
    ),
  )

test('everything that is told is counted once: new, then known, then changed', async () => {
  const person = await connected()
  const told = (value: number, distance: number): Told[] => [
    ride({ totals: { distance } }),
    pulse(noon, value),
    pulse(noon + 1_000, 9_000),
    { kind: 'day', metric: 'steps', date: '2026-06-01', value: 8_000 + value },
    {
      kind: 'event',
      metric: 'blood_pressure',
      start: noon,
      value: { systolic: value, diastolic: 80 },
      externalId: 'bp',
    },
    ride({ externalId: 'bad', end: noon - 1 }),
  ]
  const same = { received: 6, suppressed: 0, deleted: 0, rejected: 2 }
  expect(counts(await person.tell(told(120, 20_000)))).toEqual({ ...same, inserted: 4, updated: 0, duplicates: 0 })
  expect(counts(await person.tell(told(120, 20_000)))).toEqual({ ...same, inserted: 0, updated: 0, duplicates: 4 })
  const changed = await person.tell(told(121, 21_000))
  expect(counts(changed)).toEqual({ ...same, inserted: 0, updated: 4, duplicates: 0 })
  expect(changed.rejected.map(({ index, code }) => [index, code])).toEqual([
    [2, 'out_of_range'],
    [5, 'end_before_start'],
  ])
  const waiting = await rows(person.userId, (tx) =>
    sql`select code, feed, format from quarantine where connection_id = ${person.connectionId}`.execute(tx),
  )
  expect(waiting).toEqual([
    { code: 'out_of_range', feed: 'all', format: 'strava' },
    { code: 'end_before_start', feed: 'all', format: 'strava' },
  ])
})

test('a figure that cannot be is refused with its reason, of a session or a lap, and the session stays without it', async () => {
  const person = await connected()
  const night: SessionReading = { ...ride({ externalId: 'n' }), type: 'sleep', end: noon + 4 * minute, totals: {} }
  const laps = [{ ...lap, totals: { distance: 400, speed_max: 65.535 } }]
  const tally = await person.tell([ride({ totals: { distance: 20_000, power_max: 65_535 }, parts: laps }), night])
  expect(counts(tally)).toMatchObject({ received: 4, inserted: 1, rejected: 3 })
  expect(tally.rejected).toEqual([
    { index: 0, code: 'out_of_range', detail: `power_max can be 0 to 4000 W (workout of ${isoNoon}, kept without it)` },
    {
      index: 0,
      code: 'out_of_range',
      detail: `speed_max of lap 1 can be 0 to 45 m/s (workout of ${isoNoon}, kept without it)`,
    },
    {
      index: 1,
      code: 'interval_too_short',
      detail: `A session of sleep lasts 5 minutes or longer (sleep of ${isoNoon})`,
    },
  ])
  const kept = await rows(person.userId, (tx) =>
    sql`select s.totals, p.totals as lap from sessions s join session_parts p using (user_id, session_id) where user_id = ${person.userId}`.execute(
      tx,
    ),
  )
  expect(kept).toEqual([{ totals: { distance: 20_000 }, lap: { distance: 400 } }])
})

test('a corrected summary keeps the laps and the way that the details told, and a telling of both changes nothing', async () => {
  const person = await connected()
  await person.tell([ride({ parts: [lap], track })])
  expect(counts(await person.tell([ride()])), 'the summary alone is known').toMatchObject({ duplicates: 1, updated: 0 })
  expect(counts(await person.tell([ride({ title: 'Evening ride' })]))).toMatchObject({ updated: 1 })
  expect(await sessionsOf(person)).toMatchObject([{ title: 'Evening ride', parts: 1, tracks: 1 }])
  expect(counts(await person.tell([ride({ title: 'Evening ride', parts: [lap], track })]))).toMatchObject({
    duplicates: 1,
  })
  await person.tell([ride({ title: 'Evening ride', parts: [lap, { ...lap, start: noon + minute }] })])
  expect(await sessionsOf(person)).toMatchObject([{ parts: 2, tracks: 1 }])
})

test('details that come without the words of their summary take none of them away, nor what their person made of them', async () => {
  const person = await connected()
  const { title: _, activity: __, ...bare } = ride()
  await person.tell([ride({ title: 'Evening ride', totals: { distance: 20_000, heart_rate_avg: 140 } })])
  await person.tell([{ ...bare, totals: { distance: 20_100, moving_duration: 1_700 }, parts: [lap] }])
  const stored = () =>
    rows(person.userId, (tx) =>
      sql`select title, activity, totals, edits from sessions where user_id = ${person.userId}`.execute(tx),
    )
  const totals = { distance: 20_100, moving_duration: 1_700, heart_rate_avg: 140 }
  expect(await stored()).toMatchObject([{ title: 'Evening ride', activity: 'cycling', totals }])
  const [{ session_id } = { session_id: '' }] = await rows(person.userId, (tx) =>
    sql<{ session_id: string }>`select session_id from sessions where user_id = ${person.userId}`.execute(tx),
  )
  const body = { title: 'Mine', totals: { heart_rate_avg: 150 } }
  expect(await server.call('PATCH', `/api/v1/sessions/${session_id}`, { token: person.token, body })).toMatchObject({
    status: 200,
  })
  await person.tell([{ ...bare, totals: { distance: 20_200 }, parts: [lap] }])
  const edited = { ...totals, distance: 20_200, heart_rate_avg: 150 }
  const edits = { title: 'Evening ride', totals: { heart_rate_avg: 140 } }
  expect(await stored(), 'and what the source said is kept beside').toMatchObject([
    { title: 'Mine', totals: edited, edits },
  ])
})

test('what a provider takes back goes: the session, the event, and exactly the value of that id', async () => {
  const person = await connected()
  const bp = { kind: 'event' as const, metric: 'blood_pressure', value: { systolic: 120, diastolic: 80 } }
  await person.tell([
    ride(),
    { ...bp, start: noon, externalId: 'bp-1' },
    { ...bp, start: noon + minute, externalId: 'bp-2' },
    pulse(noon, 60, { recordId: 'a' }),
    pulse(noon + 1_000, 61, { recordId: 'b' }),
    pulse(noon + 2_000, 62),
  ])
  const forget = ['77', 'bp-1', 'a', 'never'].map((externalId): Told => ({ kind: 'forget', externalId }))
  expect(counts(await person.tell(forget))).toMatchObject({ received: 4, deleted: 3, duplicates: 1 })
  expect(await sessionsOf(person)).toEqual([])
  expect(await valuesOf(person, 'heart_rate')).toEqual([
    [noon + 1_000, 61],
    [noon + 2_000, 62],
  ])
  const left = await rows(person.userId, (tx) =>
    sql`select external_id from events where user_id = ${person.userId}`.execute(tx),
  )
  expect(left).toEqual([{ external_id: 'bp-2' }])
  expect(counts(await person.tell(forget)), 'a second time there is nothing').toMatchObject({
    deleted: 0,
    duplicates: 4,
  })
  expect(counts(await person.tell([ride(), { kind: 'forget', externalId: '77' }]))).toMatchObject({
    inserted: 0,
    duplicates: 2,
  })
  expect(counts(await person.tell([{ kind: 'forget', externalId: '77' }, ride()]))).toMatchObject({ inserted: 1 })
})

test('a value that moves under its id leaves its former time, and an older version of it is passed over', async () => {
  const person = await connected()
  await person.tell([pulse(noon, 60, { recordId: 'a', version: 2 }), pulse(noon, 60, { recordId: 'twin' })])
  const moved = await person.tell([pulse(noon + 5_000, 65, { recordId: 'a', version: 3 })])
  expect(counts(moved)).toMatchObject({ received: 1, updated: 1, inserted: 0 })
  expect(await valuesOf(person, 'heart_rate'), 'the twin stays where it is').toEqual([
    [noon, 60],
    [noon + 5_000, 65],
  ])
  const older = await person.tell([pulse(noon + 9_000, 90, { recordId: 'a', version: 1 })])
  expect(counts(older)).toMatchObject({ received: 1, duplicates: 1, inserted: 0 })
  await person.tell([{ kind: 'forget', externalId: 'twin' }])
  expect(await valuesOf(person, 'heart_rate')).toEqual([[noon + 5_000, 65]])
  const event = (start: number): Told => ({
    kind: 'event',
    metric: 'blood_pressure',
    start,
    value: { systolic: 120, diastolic: 80 },
    externalId: 'm',
  })
  await person.tell([event(noon)])
  const later = await person.tell([event(noon + minute)])
  const events = await rows(person.userId, (tx) =>
    sql`select start_at from events where user_id = ${person.userId}`.execute(tx),
  )
  expect([counts(later).updated, events]).toEqual([1, [{ start_at: new Date(noon + minute) }]])
})

test('two accounts whose data name one watch write to that watch, each with ids of its own', async () => {
  const strava = await connected('strava')
  const watch = { key: 'w', name: 'Fenix', manufacturer: 'Garmin', model: 'Fenix 7', serial: '123' }
  await strava.tell([ride()], watch)
  const connectionId = await connect(strava.userId, 'wahoo')
  const { userId } = strava
  const tellWahoo = (told: Told[], source?: RecordSource) =>
    server.parts.takeTold({ userId, connectionId, provider: 'wahoo', source, told })
  await tellWahoo([ride({ title: 'From Wahoo' })], { ...watch, key: 'other' })
  const devices = await rows(userId, (tx) =>
    sql`select device_name, connection_id, platform_key from devices where user_id = ${userId}`.execute(tx),
  )
  expect(devices).toEqual([{ device_name: 'Garmin Fenix 7', connection_id: strava.connectionId, platform_key: 'w' }])
  expect((await sessionsOf(strava)).map(({ external_id }) => external_id)).toEqual(['strava:77', 'wahoo:77'])
  expect(counts(await tellWahoo([{ kind: 'forget', externalId: '77' }])), 'without a word of the watch').toMatchObject({
    deleted: 1,
  })
  expect((await sessionsOf(strava)).map(({ external_id }) => external_id)).toEqual(['strava:77'])
})

const stateOf = ({ userId }: Connected) =>
  rows(userId, (tx) =>
    sql<{ battery_level: number; last_seen_at: Date }>`
      select battery_level, last_seen_at from devices where user_id = ${userId}`.execute(tx),
  )

test('a device keeps the battery and the day that its provider says, and never a day to come', async () => {
  const person = await connected()
  const watch = { key: 'w', name: 'Fenix', manufacturer: 'Garmin', model: 'Fenix 7', serial: '124' }
  await person.tell([pulse(noon, 60), { kind: 'thing', battery: 56.6, seen: noon }], watch)
  const state = [{ battery_level: 57, last_seen_at: new Date(noon) }]
  expect(await stateOf(person)).toEqual(state)
  const none = { received: 0, inserted: 0, updated: 0, duplicates: 0, suppressed: 0, deleted: 0, rejected: 0 }
  expect(counts(await person.tell([{ kind: 'thing', seen: noon - minute }], watch)), 'it is no reading').toEqual(none)
  expect(await stateOf(person)).toEqual(state)
  await person.tell([{ kind: 'thing', battery: 12, seen: Date.UTC(2990, 0) }], watch)
  const [later] = await stateOf(person)
  expect(later?.battery_level).toBe(12)
  expect(later?.last_seen_at.getTime()).toBeLessThan(Date.UTC(2990, 0))
})

test('a thing that measured nothing yet can be taken in as a device, and has its battery from then on', async () => {
  const person = await connected('fitbit')
  const band = { key: 'band', name: 'Charge 6' }
  const tell = (battery: number) => person.tell([{ kind: 'thing', battery, seen: noon }], band)
  await tell(57)
  expect(await stateOf(person)).toEqual([])
  const body = { device_ids: [`${person.connectionId}:band`] }
  const made = await server.call('POST', '/api/v1/integrations/fitbit/import', { token: person.token, body })
  expect(made.status).toBe(201)
  await tell(40)
  expect(await stateOf(person)).toEqual([{ battery_level: 40, last_seen_at: new Date(noon) }])
})

test('a summary and details of one session that follow each other again and again change nothing and count as known', async () => {
  const person = await connected()
  const { title: _, ...bare } = ride({ totals: { moving_duration: 1_700 }, parts: [lap], track })
  const summary = ride({ extra: { device: 'Edge' } })
  await person.tell([summary])
  expect(counts(await person.tell([bare]))).toMatchObject({ updated: 1, duplicates: 0 })
  for (const one of [summary, bare, summary, bare])
    expect(counts(await person.tell([one]))).toMatchObject({ updated: 0, duplicates: 1 })
  expect(counts(await person.tell([ride({ totals: { distance: 20_001 } })]))).toMatchObject({ updated: 1 })
  expect(counts(await person.tell([{ ...bare, end: bare.end + 1_000 }]))).toMatchObject({ updated: 1 })
})

test('a file that comes by itself becomes its session, and it does not matter whether the summary came before or after', async () => {
  const bytes = writeRide({ start: noon, seconds: 120 })
  const file: Told = { kind: 'file', format: 'fit', bytes, externalId: '77' }
  const stored = (person: Connected) =>
    rows(person.userId, (tx) =>
      sql`select external_id, type, title, activity, start_at, end_at, totals, utc_offset_minutes, activity_data,
        array(select unnest(derived) order by 1) as derived,
        (select count(*)::int4 from tracks t where t.user_id = s.user_id and t.session_id = s.session_id) as tracks
        from sessions s where user_id = ${person.userId} and deleted_at is null`.execute(tx),
    )
  const [before, after] = [await connected(), await connected()]
  await before.tell([ride()])
  expect(counts(await before.tell([file]))).toMatchObject({ updated: 1, rejected: 0 })
  expect(counts(await after.tell([file]))).toMatchObject({ rejected: 0, updated: 0 })
  expect(await stored(after)).toMatchObject([{ external_id: '77', start_at: new Date(noon), tracks: 1 }])
  expect(counts(await after.tell([ride()]))).toMatchObject({ updated: 1 })
  expect(await stored(before)).toMatchObject([
    { title: 'Morning ride', tracks: 1, end_at: new Date(noon + 60 * minute) },
  ])
  expect(await stored(after)).toEqual(await stored(before))
  for (const person of [before, after])
    expect(counts(await person.tell([file])), 'told again it is known').toMatchObject({ inserted: 0, updated: 0 })
})

test('the original file of a session is laid onto it, and one that cannot be read costs only itself', async () => {
  const person = await connected()
  const bytes = writeRide({ start: noon, seconds: 120 })
  const first = await person.tell([ride(), { kind: 'file', format: 'fit', bytes, externalId: '77' }])
  expect(await sessionsOf(person)).toMatchObject([{ title: 'Morning ride', tracks: 1 }])
  expect((await valuesOf(person, 'heart_rate')).length).toBeGreaterThan(100)
  const again = await person.tell([ride(), { kind: 'file', format: 'fit', bytes, externalId: '77' }])
  expect(counts(again)).toMatchObject({ received: first.received, inserted: 0, updated: 0 })
  const broken = await person.tell([
    ride({ externalId: '78' }),
    { kind: 'file', format: 'fit', bytes: Uint8Array.of(1, 2, 3), externalId: '78' },
  ])
  expect(counts(broken)).toMatchObject({ inserted: 1, rejected: 1 })
  expect((await sessionsOf(person)).map(({ external_id }) => external_id)).toEqual(['77', '78'])
  expect(await waitingOf(person)).toMatchObject([{ feed: 'all', raw: { kind: 'file', externalId: '78' } }])
})

test('a session to come waits in quarantine, whole and with its reason, and so does a plan that cannot be; tried again too early it stays', async () => {
  const person = await connected()
  const start = Date.now() + 3 * 86_400_000
  const tally = await person.tell([
    ride({ start, end: start + 10 * minute }),
    { kind: 'plan', externalId: 'p', date: '2026-02-31', title: 'Long run' },
  ])
  expect(counts(tally)).toMatchObject({ received: 2, inserted: 0, rejected: 2 })
  const waiting = await waitingOf(person)
  expect(waiting).toMatchObject([
    { code: 'time_in_future', raw: { kind: 'session', externalId: '77', title: 'Morning ride', start } },
    { code: 'date_invalid', raw: { kind: 'plan', title: 'Long run' } },
  ])
  const again = waiting.map(({ record_id }) =>
    server.call('POST', `/api/v1/quarantine/${record_id}/replay`, { token: person.token }),
  )
  expect((await Promise.all(again)).map(({ body }) => body)).toMatchObject([
    { used: false, code: 'time_in_future' },
    { used: false, code: 'not_by_itself' },
  ])
  expect(await sessionsOf(person)).toEqual([])
})

test('what waited in quarantine leaves it when the same is told and kept: a session, a value by its id or its time, a day; what is refused again stays', async () => {
  const person = await connected()
  const late = Date.now() + 3 * 86_400_000
  await person.tell([
    ride({ start: late, end: late + 10 * minute }),
    pulse(noon, 900, { recordId: 'a' }),
    pulse(noon + minute, 901),
    pulse(noon + 2 * minute, 902),
    { kind: 'day', metric: 'resting_heart_rate', date: '2026-05-31', value: 900 },
  ])
  expect(await waitingOf(person)).toHaveLength(5)
  const corrected: Told[] = [
    ride(),
    pulse(noon + 5 * minute, 61, { recordId: 'a' }),
    {
      kind: 'series',
      metric: 'heart_rate',
      t: Float64Array.of(noon + minute),
      v: Float64Array.of(62),
    },
    pulse(noon + 2 * minute, 902),
    { kind: 'day', metric: 'resting_heart_rate', date: '2026-05-31', value: 50 },
  ]
  expect(counts(await person.tell(corrected))).toMatchObject({ inserted: 4, rejected: 1 })
  expect(await waitingOf(person)).toMatchObject([{ raw: { kind: 'sample', t: noon + 2 * minute, value: 902 } }])
})

test('broken off in any of its transactions and told again, it ends the same, and the counts that were kept are of what was stored', async () => {
  const { db, store, ingest } = server.parts
  const told: Told[] = [
    ride({ parts: [lap] }),
    pulse(noon, 60, { recordId: 'a' }),
    { kind: 'day', metric: 'steps', date: '2026-06-01', value: 8_000 },
  ]
  for (const dies of [0, 1, 2, 3]) {
    const person = await connected()
    let moment = 0
    const die = () => {
      if (moment++ === dies) throw new Error('died')
    }
    const write: typeof db.write = (subject, work) =>
      db.write(subject, async (tx) => {
        const done = await work(tx)
        die() // nothing of it is committed
        return done
      })
    const telling = {
      userId: person.userId,
      connectionId: person.connectionId,
      provider: 'strava',
      told,
      alongside: () => [
        {
          statement: noteCount,
          row: (stored: ToldTally) => [person.userId, person.connectionId, 'all', stored.inserted],
        },
      ],
    }
    const dying = createTakeTold({
      db: { ...db, write },
      store,
      ingest: async (incoming) => {
        die()
        return ingest(incoming)
      },
      parseBytes: () => Promise.reject(new Error('there is no file')),
      clock: server.parts.clock,
      syncIntervalMinutes: 60,
    })
    await expect(dying(telling)).rejects.toThrow('died')
    await server.parts.takeTold(telling)
    const [noted] = await rows(person.userId, (tx) =>
      sql<{ n: string }>`select error_message as n from feeds where user_id = ${person.userId}`.execute(tx),
    )
    expect([Number(noted?.n), await valuesOf(person, 'heart_rate'), await sessionsOf(person)]).toMatchObject([
      3,
      [[noon, 60]],
      [{ parts: 1 }],
    ])
  }
})

/** Any row that adds up will do. */
const noteCount = {
  name: 'test_note_count',
  types: ['uuid', 'uuid', 'text', 'int4'],
  text: `
    insert into feeds as f (user_id, connection_id, feed, error_message)
    select u, c, feed, n::text from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int4[]) as n (u, c, feed, n)
    on conflict (user_id, connection_id, feed) do update set error_message = (f.error_message::int4 + excluded.error_message::int4)::text`,
} as const satisfies FlushStatement

test('a connection that has ended takes nothing more, but what its person tries again themselves', async () => {
  const person = await connected()
  const { userId, connectionId } = person
  const beat = (t: number): SampleReading => ({ kind: 'sample', metric: 'heart_rate', t, value: 60 })
  await person.tell([beat(noon)])
  await server.parts.db.write({ userId }, (tx) =>
    sql`update connections set status = 'ended' where user_id = ${userId} and connection_id = ${connectionId}`.execute(
      tx,
    ),
  )
  const ride: SessionReading = {
    ...{ kind: 'session', type: 'workout', activity: 'cycling', externalId: 'late', totals: {}, parts: [] },
    start: noon,
    end: noon + minute,
  }
  for (const told of [[beat(noon + minute)], [ride], [{ kind: 'forget' as const, externalId: 'x' }]])
    await expect(person.tell(told)).rejects.toThrow(ConnectionEnded)
  expect(await valuesOf(person, 'heart_rate')).toEqual([[noon, 60]])
  expect(await sessionsOf(person)).toEqual([])
  const again = { userId, connectionId, provider: 'strava', told: [beat(noon + minute)], evenEnded: true as const }
  expect(await server.parts.takeTold(again)).toMatchObject({ inserted: 1 })
})

test('whoever ends a connection waits for the batch that is being stored, and nothing of it comes later', async () => {
  const person = await connected()
  const { userId, connectionId } = person
  const beats = (from: number): SampleReading[] =>
    Array.from({ length: 50 }, (_, i) => ({
      kind: 'sample',
      metric: 'heart_rate',
      t: noon + (from + i) * 1_000,
      value: 60,
    }))
  const tell = (from: number) => person.tell(beats(from)).catch((error: unknown) => error)
  const tellings = Array.from({ length: 20 }, (_, i) => tell(i * 50))
  await tellings[2]
  await server.parts.db.write({ userId }, async (tx) => {
    await sql`update connections set status = 'ended' where user_id = ${userId} and connection_id = ${connectionId}`.execute(
      tx,
    )
    tellings.push(tell(20 * 50)) // begun before the end is committed
  })
  const atEnd = (await valuesOf(person, 'heart_rate')).length
  const outcomes = await Promise.all(tellings)
  expect(outcomes.at(-1)).toBeInstanceOf(ConnectionEnded)
  expect(await valuesOf(person, 'heart_rate')).toHaveLength(atEnd)
})
