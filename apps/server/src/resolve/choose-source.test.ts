import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Candidate, chooseSource } from './choose-source.ts'

const candidate = (sourceId: string, more: Partial<Candidate> = {}): Candidate => ({
  ...{ sourceId, basis: 'samples', lastAt: 0, coverage: 0.5, kind: 'device', deviceType: null, age: 0 },
  ...more,
})
const winnerOf = (metric: Parameters<typeof chooseSource>[0], ...candidates: Candidate[]) => {
  const choice = chooseSource(metric, candidates)
  return [choice?.winner.sourceId, choice?.rule]
}

test('nobody wins where there is nobody, and the only one needs no reason', () => {
  expect(chooseSource('steps', [])).toBeNull()
  expect(winnerOf('steps', candidate('a'))).toEqual(['a', 'Only this source has something for the day.'])
})

test('who states the figure comes first, whatever it is', () => {
  const app = candidate('app', { basis: 'stated', kind: 'app' })
  expect(winnerOf('hrv_rmssd', candidate('watch', { deviceType: 'watch' }), app)[0]).toBe('app')
})

test('a chest strap comes before a watch, a watch before a ring, a ring before a phone, all before an app, a file and a hand', () => {
  const order = ['chest_strap', 'smartwatch', 'smart ring', 'smartphone', 'something'].map((deviceType, age) =>
    candidate(deviceType, { deviceType, age: 9 - age, coverage: age / 10 }),
  )
  const others = ['app', 'file', 'manual'].map((kind) => candidate(kind, { kind, coverage: 1 }))
  const all = [...order, ...others]
  while (all.length > 1) {
    const [best] = all
    expect(winnerOf('heart_rate', ...[...all].reverse())[0]).toBe(best?.sourceId)
    all.shift()
  }
  expect(
    winnerOf('heart_rate', candidate('phone', { deviceType: 'phone' }), candidate('watch', { deviceType: 'watch' }))[1],
  ).toBe('Of several sources, a watch comes before a phone.')
})

test('of a night the source that tells of more sleep comes first, so that a nap of the ring does not hide the night of the app', () => {
  const of = { basis: 'sessions' } as const
  const nap = candidate('ring', { ...of, deviceType: 'ring', coverage: 1 / 24 })
  const night = candidate('app', { ...of, kind: 'app', coverage: 8 / 24 })
  expect(winnerOf('sleep_total', nap, night)).toEqual(['app', 'Of several sources, this one tells of more sleep.'])
  expect(winnerOf('sleep_total', { ...nap, basis: 'stated', coverage: null }, night)[0]).toBe('ring')
  expect(winnerOf('sleep_total', { ...nap, coverage: 8 / 24 }, night)[0]).toBe('ring')
})

test('a string of beads is not a ring', () => {
  expect(
    winnerOf('steps', candidate('beads', { deviceType: 'string' }), candidate('phone', { deviceType: 'phone' }))[0],
  ).toBe('phone')
})

test('of two watches the one that covers more of the day, and of alike ones the older', () => {
  const watch = (id: string, more: Partial<Candidate>) => candidate(id, { deviceType: 'watch', ...more })
  expect(winnerOf('steps', watch('a', { coverage: 0.2 }), watch('b', { coverage: 0.3, age: 1 }))[0]).toBe('b')
  expect(winnerOf('steps', watch('a', { age: 2 }), watch('b', { age: 1 }))).toEqual([
    'b',
    'Of several alike sources, this one was there first.',
  ])
})

test('the last weight of the day is shown, also one entered by hand', () => {
  const scale = candidate('scale', { deviceType: 'scale', lastAt: 1 })
  expect(winnerOf('body_mass', scale, candidate('hand', { kind: 'manual', lastAt: 2 }))[0]).toBe('hand')
})

test('the order in which sources are asked does not matter', () => {
  const any = fc.record({
    basis: fc.constantFrom('stated', 'samples'),
    lastAt: fc.nat(2),
    coverage: fc.constantFrom(null, 0.1, 0.9),
    kind: fc.constantFrom('device', 'app', 'file', 'manual'),
    deviceType: fc.constantFrom(null, 'watch', 'phone', 'scale'),
  })
  fc.assert(
    fc.property(
      fc.array(any, { minLength: 1, maxLength: 6 }),
      fc.constantFrom('steps', 'body_mass', 'hrv_rmssd'),
      (list, metric) => {
        const all = list.map((one, age) => ({ ...one, sourceId: `${age}`, age }) as Candidate)
        expect(winnerOf(metric as 'steps', ...all)).toEqual(winnerOf(metric as 'steps', ...[...all].reverse()))
      },
    ),
  )
})
