import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { familyOf } from './family.ts'
import { groupSessions, isSameSession, type SessionRecord, startToleranceMs } from './group-sessions.ts'

const minute = 60_000
const hour = 60 * minute
let made = 0

interface Facts {
  teller?: string
  activity?: string
  type?: string
  start?: number
  minutes?: number
  rank?: number[]
  created?: number
}

function record(id: string, facts: Facts = {}): SessionRecord {
  const { activity = 'cycling', type = 'workout', start = 0, minutes = 60 } = facts
  return {
    id,
    teller: facts.teller ?? `teller ${made++}`,
    type,
    family: familyOf(type, activity),
    start,
    end: start + minutes * minute,
    rank: facts.rank ?? [10],
    created: facts.created ?? 0,
  }
}

const grouped = (...records: SessionRecord[]) => Object.fromEntries(groupSessions(records))

describe('one session', () => {
  test('is what overlaps by four fifths of the shorter, from two sources', () => {
    const ride = record('ride', { rank: [100] })
    expect(grouped(ride, record('phone', { start: 12 * minute }))).toEqual({ ride: 'ride', phone: 'ride' })
    expect(grouped(ride, record('phone', { start: 13 * minute }))).toEqual({ ride: 'ride', phone: 'phone' })
    expect(grouped(ride, record('part', { start: 40 * minute, minutes: 5 }))).toEqual({ ride: 'ride', part: 'ride' })
  })

  test('or what begins within a minute and lasts as long, give or take a twentieth, even for an instant', () => {
    const instant = { minutes: 0, type: 'ecg' }
    expect(grouped(record('a', instant), record('b', { ...instant, start: 60_000, created: 1 }))).toEqual({
      a: 'a',
      b: 'a',
    })
    expect(grouped(record('a', instant), record('b', { ...instant, start: 60_001, created: 1 }))).toEqual({
      a: 'a',
      b: 'b',
    })
  })

  test('is of one family: a trail run is a run, a ride is none', () => {
    const trail = record('trail', { activity: 'running_trail', rank: [100] })
    expect(grouped(trail, record('run', { activity: 'running' }))).toMatchObject({ run: 'trail' })
    expect(grouped(trail, record('ride', { activity: 'cycling' }))).toMatchObject({ ride: 'ride' })
    expect(grouped(trail, record('night', { type: 'sleep' }))).toMatchObject({ night: 'night' })
  })

  test('may be called anything by a source that does not know sports, if both begin together', () => {
    const swim = record('swim', { activity: 'swimming_pool', rank: [100] })
    const unsure = (start: number) => record('tcx', { activity: 'other', start })
    expect(grouped(swim, unsure(60_000))).toMatchObject({ tcx: 'swim' })
    expect(grouped(swim, unsure(2 * minute))).toMatchObject({ tcx: 'tcx' })
  })

  test('is never a race and its legs, nor two records of one source', () => {
    const race = record('race', { activity: 'multisport', minutes: 180, teller: 'watch' })
    const leg = (id: string, more: Facts = {}) => record(id, { teller: 'watch', ...more })
    expect(grouped(race, leg('ride'), leg('again', { start: minute }))).toEqual({
      race: 'race',
      ride: 'ride',
      again: 'again',
    })
    expect(grouped(race, record('phone', { activity: 'other' }))).toMatchObject({ phone: 'phone' })
  })

  test('is shown by what says most, then by what was there first, then by its id', () => {
    expect(grouped(record('gpx', { rank: [30, 9] }), record('fit', { rank: [100, 1] }))).toMatchObject({ gpx: 'fit' })
    expect(grouped(record('less', { rank: [30, 1] }), record('more', { rank: [30, 2] }))).toMatchObject({
      less: 'more',
    })
    expect(grouped(record('a', { created: 2 }), record('b', { created: 1 }))).toMatchObject({ a: 'b' })
    expect(grouped(record('b'), record('a'))).toMatchObject({ b: 'a' })
  })

  test('is never a chain: what fits only a record that is not shown stands alone', () => {
    const chain = [0, 9, 18].map((at, i) =>
      record(`r${i}`, { start: at * minute, rank: [10 - i], activity: 'running' }),
    )
    expect(grouped(...chain)).toEqual({ r0: 'r0', r1: 'r0', r2: 'r2' })
  })

  test('of two that a record fits is the one that covers its time more nearly', () => {
    const first = record('first', { rank: [30], teller: 'watch' })
    const second = record('second', { rank: [20], teller: 'watch', start: 5 * minute })
    expect(grouped(first, second, record('phone', { start: 5 * minute }))).toMatchObject({ phone: 'second' })
  })
})

const anyRecord = fc
  .record({
    teller: fc.constantFrom('watch', 'phone', 'files fit', 'files gpx', 'ring'),
    activity: fc.constantFrom('running', 'running_trail', 'cycling', 'other', 'multisport'),
    start: fc.integer({ min: 0, max: 40 }).map((n) => n * 3 * minute),
    minutes: fc.constantFrom(0, 5, 20, 30, 31, 60, 240),
    rank: fc.tuple(fc.integer({ min: 0, max: 2 })),
    created: fc.integer({ min: 0, max: 3 }),
  })
  .map((facts) => facts as Facts)
const anyRecords = fc
  .array(anyRecord, { maxLength: 25 })
  .map((all) => all.map((facts, i) => record(`id ${String(i).padStart(2, '0')}`, facts)))
const sorted = (winners: ReadonlyMap<string, string>) => [...winners].sort()

describe('of any records', () => {
  test('the groups are the same in whatever order they are looked at', () => {
    fc.assert(
      fc.property(anyRecords, fc.infiniteStream(fc.nat()), (records, noise) => {
        const turned = records.map((one) => ({ one, at: noise.next().value })).sort((a, b) => a.at - b.at)
        expect(sorted(groupSessions(turned.map(({ one }) => one)))).toEqual(sorted(groupSessions(records)))
      }),
      { numRuns: runs(1_000) },
    )
  })

  test('every winner shows itself, fits all of its group, and no source is twice in one', () => {
    fc.assert(
      fc.property(anyRecords, (records) => {
        const winners = groupSessions(records)
        const byId = new Map(records.map((one) => [one.id, one]))
        for (const [id, winner] of winners) {
          expect(winners.get(winner)).toBe(winner)
          if (id !== winner)
            expect(isSameSession(byId.get(winner) as SessionRecord, byId.get(id) as SessionRecord)).toBe(true)
        }
        for (const group of Map.groupBy(winners, ([, winner]) => winner).values()) {
          const tellers = group.map(([id]) => byId.get(id)?.teller)
          expect(new Set(tellers).size).toBe(tellers.length)
        }
      }),
      { numRuns: runs(1_000) },
    )
  })

  test('those that hang together in time decide alone: settled as they come and go, the groups are as from scratch', () => {
    fc.assert(
      fc.property(anyRecords, fc.array(fc.nat({ max: 24 }), { maxLength: 40 }), (records, steps) => {
        const there = new Map<string, SessionRecord>()
        const winners = new Map<string, string>()
        for (const step of [...records.keys(), ...steps]) {
          const one = records[step]
          if (!one) continue
          if (!there.delete(one.id)) there.set(one.id, one)
          winners.delete(one.id)
          for (const [id, winner] of groupSessions(neighbours([...there.values()], one))) winners.set(id, winner)
          expect(sorted(winners)).toEqual(sorted(groupSessions([...there.values()])))
        }
      }),
      { numRuns: runs(300) },
    )
  })
})

/** As `settle.ts` asks the database for them. */
function neighbours(all: readonly SessionRecord[], { start, end }: SessionRecord): SessionRecord[] {
  for (let from = start, to = end; ; ) {
    const near = all.filter((one) => one.start <= to + startToleranceMs && one.end >= from - startToleranceMs)
    const first = Math.min(from, ...near.map((one) => one.start))
    const last = Math.max(to, ...near.map((one) => one.end))
    if (first === from && last === to) return near
    from = first
    to = last
  }
}

test('a night of two sources is one, however each counts it', () => {
  const night = (id: string, more: Facts) => record(id, { type: 'sleep', start: 0, minutes: 8 * 60, ...more })
  expect(grouped(night('ring', { rank: [30] }), night('watch', { start: hour, minutes: 400 }))).toMatchObject({
    watch: 'ring',
  })
})

test('what a demo tells is never the same as what somebody did, and two devices of a demo still tell of one', () => {
  const demo = { ...record('demo', { rank: [100] }), isDemo: true }
  const phone = { ...record('phone of the demo'), isDemo: true }
  expect(grouped(demo, record('own'))).toEqual({ demo: 'demo', own: 'own' })
  expect(grouped(demo, phone)).toEqual({ demo: 'demo', 'phone of the demo': 'demo' })
})
