import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Done, matchPlans, type Plan } from './match-plans.ts'

const hour = 3_600_000
const noon = Date.UTC(2025, 3, 7, 12)
const plan = (id: string, more: Partial<Plan> = {}): Plan => ({
  id,
  family: 'running',
  day: '2025-04-07',
  start: null,
  duration: null,
  distance: null,
  ...more,
})
const done = (id: string, more: Partial<Done> = {}): Done => ({
  id,
  family: 'running',
  day: '2025-04-07',
  start: noon,
  duration: 3_600,
  distance: 10_000,
  ...more,
})
const matched = (plans: Plan[], sessions: Done[]) => Object.fromEntries(matchPlans(plans, sessions))

test('a run on the day fulfils the run that was planned, a ride or another day does not', () => {
  expect(matched([plan('p')], [done('s')])).toEqual({ p: 's' })
  expect(matched([plan('p')], [done('s', { family: 'cycling' })])).toEqual({})
  expect(matched([plan('p')], [done('s', { day: '2025-04-08' })])).toEqual({})
  expect(matched([plan('p', { family: null })], [done('s', { family: 'rowing' })])).toEqual({ p: 's' })
})

test('a plan with a time also takes what begins within two hours of it, past midnight', () => {
  const late = plan('p', { start: noon })
  expect(matched([late], [done('s', { day: '2025-04-08', start: noon + 2 * hour })])).toEqual({ p: 's' })
  expect(matched([late], [done('s', { day: '2025-04-08', start: noon + 2 * hour + 1 })])).toEqual({})
})

test('of two runs the one nearer to the plan fulfils it, and the other the next plan', () => {
  const plans = [plan('long', { distance: 20_000 }), plan('short', { distance: 5_000 })]
  const sessions = [done('five', { distance: 5_200 }), done('twenty', { distance: 19_000, start: noon + hour })]
  expect(matched(plans, sessions)).toEqual({ long: 'twenty', short: 'five' })
})

test('no session fulfils two plans, and no order changes which', () => {
  const length = fc.option(fc.integer({ min: 0, max: 3 }).map((n) => n * 1_000))
  const plans = fc.array(fc.record({ duration: length, distance: length }), { maxLength: 6 })
  const sessions = fc.array(fc.record({ duration: fc.constantFrom(0, 1_000, 2_000), distance: length }), {
    maxLength: 6,
  })
  fc.assert(
    fc.property(plans, sessions, fc.nat(), (p, s, turn) => {
      const turned = <T>(list: T[]): T[] => list.map((_, i) => list[(i + turn) % list.length] as T)
      const allPlans = p.map((one, i) => plan(`p${i}`, one))
      const allSessions = s.map((one, i) => done(`s${i}`, one))
      const found = matched(allPlans, allSessions)
      expect(matched(turned(allPlans), turned(allSessions))).toEqual(found)
      expect(new Set(Object.values(found)).size).toBe(Object.keys(found).length)
      expect(Object.keys(found).length).toBe(Math.min(p.length, s.length))
    }),
    { numRuns: runs(500) },
  )
})
