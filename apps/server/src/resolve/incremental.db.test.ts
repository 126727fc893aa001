/** Whatever happens, in whatever order, interrupted or at the same time: in the end the figures are those of a computation from nothing. */

import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import type { PoolClient } from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dateOf, dayOfDate } from '../platform/days/zone.ts'
import type { Database } from '../platform/db/database.ts'
import { noOffset, pointsOf } from '../platform/samples/points.ts'
import type { SampleStore } from '../platform/samples/store.ts'
import { type TestStore, testStore } from '../platform/samples/test-store.ts'
import { readDays } from './read-days.ts'
import { resolveStep } from './resolve-step.ts'
import { resolveAll } from './resolver.ts'
import { lockPerson } from './work.queries.ts'

let kit: TestStore
let store: SampleStore
let db: Database
beforeAll(async () => {
  kit = await testStore()
  const opened = kit.open()
  store = opened.store
  db = opened.db
})
afterAll(() => kit.drop())

const log = pino({ level: 'silent' })
const hour = 3_600_000
const start = Date.parse('2026-03-27T00:00:00Z')
const metrics = ['heart_rate', 'steps'] as const

interface Subject {
  userId: string
  sources: string[]
}

async function newSubject(): Promise<Subject> {
  const { userId, sourceId } = await kit.person()
  await kit.query(`update tributary.users set time_zone = 'Europe/Paris' where user_id = $1`, [userId])
  const other = randomUUID()
  await kit.query(`insert into tributary.sources (user_id, source_id, kind, name) values ($1, $2, 'file', 'other')`, [
    userId,
    other,
  ])
  return { userId, sources: [sourceId, other] }
}

const anyHour = fc.integer({ min: 0, max: 5 * 24 })
const anyStep = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      source: fc.nat(1),
      metric: fc.constantFrom(...metrics),
      points: fc.uniqueArray(
        fc.record({
          at: anyHour,
          v: fc.integer({ min: 40, max: 200 }),
          d: fc.constantFrom(0, 1, 30),
          z: fc.constantFrom(noOffset, noOffset, -300, 600),
        }),
        { selector: ({ at }) => at, minLength: 1, maxLength: 12 },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('delete' as const),
      source: fc.nat(1),
      metric: fc.constantFrom(...metrics),
      from: anyHour,
      hours: fc.constantFrom(1, 30, 1_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('compact' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('state' as const),
      source: fc.nat(1),
      day: fc.nat(4),
      value: fc.integer({ min: 40, max: 80 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), source: fc.nat(1), day: fc.nat(4) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('sleep' as const),
      source: fc.nat(1),
      end: anyHour,
      hours: fc.integer({ min: 1, max: 9 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wake' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('measure' as const),
      source: fc.nat(1),
      at: anyHour,
      systolic: fc.integer({ min: 100, max: 160 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('move' as const),
      zone: fc.constantFrom('Europe/Paris', 'Pacific/Apia', 'America/New_York'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('resolve' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('die' as const), after: fc.nat(18) }) },
)
type Step = typeof anyStep extends fc.Arbitrary<infer S> ? S : never

type Asked = { name: string }

/** Lets `ask` come between a transaction and its connection. */
function through(client: PoolClient, ask: (config: Asked) => unknown): PoolClient {
  return new Proxy(client, { get: (target, name) => (name === 'query' ? ask : Reflect.get(target, name)) })
}

/** Backends whose connection was broken: under load they hold what they locked for some time yet. */
const dead = new Set<number>()

/** Breaks the connection under the transaction at its n-th statement. */
function dying(after: number): Pick<Database, 'writeOn'> {
  return {
    writeOn: (subject, work) =>
      db.writeOn(subject, (client) => {
        let left = after
        return work(
          through(client, (config) => {
            if (left-- > 0) return client.query(config as never)
            dead.add((client as unknown as { processID: number }).processID)
            throw new Error('killed')
          }),
        )
      }),
  }
}

/** Until the database has let go of what the dead held. A resolver would come again; here one round has to do. */
async function buryTheDead(): Promise<void> {
  const lives = () => kit.query('select 1 from pg_stat_activity where pid = any ($1::int[])', [[...dead]])
  while ((await lives()).length) await setTimeout(5)
  dead.clear()
}

async function run({ userId, sources }: Subject, step: Step): Promise<void> {
  const sourceId = ('source' in step && sources[step.source]) || sources[0]
  switch (step.kind) {
    case 'append': {
      const seriesId = await store.seriesFor(userId, sourceId as string, step.metric)
      const list = [...step.points].sort((a, b) => a.at - b.at)
      const points = pointsOf(
        list.map(({ at }) => start + at * hour),
        list.map(({ v }) => v),
        { d: Float64Array.from(list, ({ d }) => d * hour), z: Int16Array.from(list, ({ z }) => z) },
      )
      return void (await store.append({ userId, slices: [{ seriesId, points }] }))
    }
    case 'delete': {
      const seriesId = await store.seriesFor(userId, sourceId as string, step.metric)
      const from = start + step.from * hour
      const to = step.hours === 1_000 ? Number.POSITIVE_INFINITY : from + step.hours * hour
      return void (await store.deleteRange({ userId, seriesIds: [seriesId], from, to }))
    }
    case 'compact':
      return void (await store.compact({ now: start + 40 * 24 * hour, quietMs: -1e15 }))
    case 'state':
      return void (await kit.query(
        `insert into tributary.source_days (user_id, source_id, metric, day_on, value) values ($1, $2, 'resting_heart_rate', date '2026-03-27' + $3::int, $4)
         on conflict (user_id, source_id, metric, day_on) do update set value = excluded.value`,
        [userId, sourceId, step.day, step.value],
      ))
    case 'forget':
      return void (await kit.query(
        `delete from tributary.source_days where user_id = $1 and source_id = $2 and day_on = date '2026-03-27' + $3::int`,
        [userId, sourceId, step.day],
      ))
    case 'sleep': {
      const end = new Date(start + step.end * hour)
      return void (await kit.query(
        `insert into tributary.sessions (user_id, session_id, source_id, external_id, type, start_at, end_at, totals)
         values ($1, $2, $3, $4, 'sleep', $5, $6, $7)
         on conflict (user_id, source_id, external_id) do update set start_at = excluded.start_at, totals = excluded.totals, deleted_at = null`,
        [
          userId,
          randomUUID(),
          sourceId,
          String(step.end),
          new Date(end.getTime() - step.hours * hour),
          end,
          { sleep_total: step.hours * 3_600 },
        ],
      ))
    }
    case 'wake':
      return void (await kit.query('update tributary.sessions set deleted_at = now() where user_id = $1', [userId]))
    case 'measure':
      return void (await kit.query(
        `insert into tributary.events (user_id, source_id, metric, start_at, event_id, value) values ($1, $2, 'blood_pressure', $3, $4, $5) on conflict do nothing`,
        [userId, sourceId, new Date(start + step.at * hour), randomUUID(), { systolic: step.systolic, diastolic: 70 }],
      ))
    case 'move':
      return void (await kit.query('update tributary.users set time_zone = $2 where user_id = $1', [userId, step.zone]))
    case 'resolve':
      return void (await resolveStep(db, userId))
    case 'die':
      await resolveStep(dying(step.after) as Database, userId).catch((error: Error) => {
        if (error.message !== 'killed') throw error
      })
  }
}

const figuresOf = (userId: string) =>
  kit.query('select * from tributary.source_day_values where user_id = $1 order by metric, day_on, source_id', [userId])

async function fromNothing(userId: string) {
  await kit.query('delete from tributary.source_day_values where user_id = $1', [userId])
  await kit.query('insert into tributary.day_marks (user_id) values ($1)', [userId])
  await resolveAll(db, log)
  return figuresOf(userId)
}

test(
  'late data, deletions, journeys and deaths in the middle leave the figures of a computation from nothing',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 3, maxLength: 25 }), async (steps) => {
        const subject = await newSubject()
        for (const step of steps) await run(subject, step)
        await buryTheDead()
        await resolveAll(db, log)
        const grown = await figuresOf(subject.userId)
        expect(grown).toEqual(await fromNothing(subject.userId))
        expect(await kit.query('select 1 from tributary.day_marks where user_id = $1', [subject.userId])).toEqual([])
      }),
      { numRuns: runs(25) },
    )
  },
  runs(120_000),
)

test(
  'so do writers, compactions and two resolvers that all work at the same time',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anyStep, { minLength: 2, maxLength: 8 }), { minLength: 2, maxLength: 4 }),
        async (lanes) => {
          const subject = await newSubject()
          const working = lanes.map(async (steps) => {
            for (const step of steps) await run(subject, step)
          })
          let open = true
          const resolving = [1, 2].map(async () => {
            while (open) await resolveStep(db, subject.userId)
          })
          await Promise.all(working).finally(() => {
            open = false
          })
          await Promise.all(resolving)
          await buryTheDead()
          await resolveAll(db, log)
          const grown = await figuresOf(subject.userId)
          expect(grown).toEqual(await fromNothing(subject.userId))
        },
      ),
      { numRuns: runs(12), endOnFailure: true },
    )
  },
  runs(120_000),
)

const append = (at: number): Step => ({
  ...{ kind: 'append', source: 0, metric: 'heart_rate' },
  points: [{ at, v: 60, d: 0, z: noOffset }],
})
const state = (day: number): Step => ({ kind: 'state', source: 0, day, value: 50 })
const firstDay = dayOfDate('2026-03-27')

test('what is folded away while somebody reads is in the figures that they get, or said to be missing', async () => {
  for (let after = 0; after < 9; after++) {
    const subject = await newSubject()
    await resolveAll(db, log) // the mark of the zone
    await run(subject, append(36))
    let turn: Promise<unknown> = Promise.resolve()
    let left = after
    const folding: Pick<Database, 'readOn' | 'writeOn'> = {
      ...db,
      readOn: (who, work) =>
        db.readOn(who, (client) =>
          work(
            through(client, (config) => {
              const answer = turn.then(() => client.query(config as never))
              turn = answer.then(() => (left-- === 0 ? run(subject, { kind: 'compact' }) : undefined))
              return answer
            }),
          ),
        ),
    }
    const { values, stale } = await readDays(
      ...([folding as Database, subject.userId, ['heart_rate']] as const),
      ...([firstDay, firstDay + 5] as const),
    )
    const told = [...values.map(({ day }) => day), ...(stale.get('heart_rate') ?? [])]
    expect(told.map(dateOf), `compacted after statement ${after}`).toContain('2026-03-28')
  }
})

test('a source that is deleted while its figures are written waits for them, and they for nobody', async () => {
  const subject = await newSubject()
  const { userId, sources } = subject
  await run(subject, state(1))
  await resolveAll(db, log)
  await run(subject, { kind: 'forget', source: 0, day: 1 })
  await run(subject, state(2))
  const waits = () =>
    kit.query(
      `select 1 from pg_stat_activity
       where datname = current_database() and query like 'delete from tributary.sources%' and wait_event_type = 'Lock'`,
    )
  let deleting: Promise<unknown> | undefined
  const meeting: Pick<Database, 'writeOn'> = {
    writeOn: (who, work) =>
      db.writeOn(who, (client) =>
        work(
          through(client, async (config) => {
            if (config.name === 'days_put') {
              deleting = kit.query('delete from tributary.sources where user_id = $1 and source_id = $2', [
                userId,
                sources[0],
              ])
              while (!(await waits()).length) await setTimeout(5)
            }
            return client.query(config as never)
          }),
        ),
      ),
  }
  expect(await resolveStep(meeting as Database, userId)).toMatchObject({ more: false })
  await deleting
  await resolveAll(db, log)
  expect(await figuresOf(userId)).toEqual([])
})

test('what a resolver holds that died is left to it, said to be missing, and worked out once it is let go', async () => {
  const subject = await newSubject()
  await run(subject, append(36))
  const holder = await db.writerPool.connect()
  try {
    await holder.query('begin')
    expect(await lockPerson(holder, subject.userId)).toBe(true)
    await resolveAll(db, log)
    const { values, stale } = await readDays(db, subject.userId, ['heart_rate'], firstDay, firstDay + 5)
    expect([values, [...(stale.get('heart_rate') ?? [])].map(dateOf)]).toEqual([
      [],
      expect.arrayContaining(['2026-03-28']),
    ])
  } finally {
    await holder.query('rollback')
    holder.release()
  }
  await resolveAll(db, log)
  expect(await figuresOf(subject.userId)).toHaveLength(1)
})

test('a device that is erased while its figures are worked out leaves none', async () => {
  for (let round = 0; round < 8; round++) {
    const subject = await newSubject()
    const [source = ''] = subject.sources
    const seriesId = await store.seriesFor(subject.userId, source, 'heart_rate')
    const t = Float64Array.from({ length: 200 }, (_, i) => start + i * hour)
    await store.append({
      userId: subject.userId,
      slices: [
        {
          seriesId,
          points: pointsOf(
            t,
            t.map(() => 60),
          ),
        },
      ],
    })
    await Promise.all([
      resolveAll(db, log),
      store
        .erase(subject.userId, [seriesId])
        .then(() =>
          kit.query('delete from tributary.sources where user_id = $1 and source_id = $2', [subject.userId, source]),
        ),
    ])
    await resolveAll(db, log)
    expect(await figuresOf(subject.userId)).toEqual([])
    expect(await kit.query('select 1 from tributary.day_marks where user_id = $1', [subject.userId])).toEqual([])
  }
})

test('marks of a person who is gone are taken away', async () => {
  const { userId } = await newSubject()
  await kit.query('delete from tributary.users where user_id = $1', [userId])
  await kit.query('insert into tributary.day_marks (user_id) values ($1)', [userId])
  await resolveAll(db, log)
  expect(await kit.query('select 1 from tributary.day_marks where user_id = $1', [userId])).toEqual([])
})
