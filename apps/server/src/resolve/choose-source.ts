/**
 * Which source is shown when several tell of one day. A rule for whole days: whoever merges counted metrics part by part
 * starts from the same candidates.
 *
 * 1. Of what is measured now and then and shown by its last value (a weight), whoever measured last.
 * 2. Who states the figure for the date before whose figure is worked out.
 * 3. Of nights worked out from sessions, who tells of more sleep: records of one sleep stand for each other already, so what
 *    another source has beside it is a nap, or a piece of a night.
 * 4. By what it is: a device made for the purpose, then a watch, a ring or band, a phone, any other device; then a connected
 *    account, an app of an archive, a file, what was entered by hand.
 * 5. Who covers more of the day.
 * 6. Who was there first.
 */
import { catalogue, type MetricId } from '@tributary/protocol'
import { nightMetrics } from './plan.ts'

export interface Candidate {
  sourceId: string
  basis: 'stated' | 'samples' | 'events' | 'sessions'
  lastAt: number | null
  coverage: number | null
  kind: string
  deviceType: string | null
  /** Its place among the person's sources, the oldest first. */
  age: number
}

/** Why the first was chosen, as an explanation says it. */
export interface Choice<C extends Candidate> {
  winner: C
  rule: string
}

/** By words in what people and phones call their devices; the first that fits. */
const classes: readonly (readonly [name: string, words: RegExp])[] = [
  ['a device made for it', /strap|belt|cuff|pressure|scale|glucose|cgm|oximeter|thermometer|power|spirometer/],
  ['a watch', /watch/],
  ['a ring or band', /(^|[^a-z])ring|band|tracker|bracelet/],
  ['a phone', /phone|tablet/],
  ['a device', /(?:)/],
]
const kinds = ['connection', 'app', 'file', 'manual'] as const
const kindNames: Readonly<Record<(typeof kinds)[number], string>> = {
  connection: 'a connected account',
  app: 'an app',
  file: 'a file',
  manual: 'what was entered by hand',
}

/** Less comes first. */
function rankOf({ kind, deviceType }: Candidate): number {
  if (kind === 'device') return classes.findIndex(([, words]) => words.test((deviceType ?? '').toLowerCase()))
  const place = (kinds as readonly string[]).indexOf(kind)
  return classes.length + (place === -1 ? kinds.length : place)
}

const nameOf = (candidate: Candidate): string =>
  classes[rankOf(candidate)]?.[0] ?? kindNames[candidate.kind as (typeof kinds)[number]] ?? 'another source'

type Rule<C> = readonly [less: (a: C, b: C) => number, words: (winner: C, other: C) => string]

const rules: readonly Rule<Candidate>[] = [
  [
    (a, b) => Number(b.basis === 'stated') - Number(a.basis === 'stated'),
    () => 'The source states this figure for the date itself; the others are worked out from what they measured.',
  ],
  [(a, b) => rankOf(a) - rankOf(b), (a, b) => `Of several sources, ${nameOf(a)} comes before ${nameOf(b)}.`],
  [(a, b) => (b.coverage ?? 0) - (a.coverage ?? 0), () => 'Of several alike sources, this one covers most of the day.'],
  [(a, b) => a.age - b.age, () => 'Of several alike sources, this one was there first.'],
]

const lastRule: Rule<Candidate> = [
  (a, b) => (b.lastAt ?? 0) - (a.lastAt ?? 0),
  () => 'Of what is measured now and then, the last measurement of the day is shown.',
]

const nightRule: Rule<Candidate> = [
  (a, b) => (b.coverage ?? 0) - (a.coverage ?? 0),
  () => 'Of several sources, this one tells of more sleep.',
]

/** Of what is counted up a total that is stated is no better than one that was measured: nobody says how much of the day it is of. */
const isCounted = (metric: MetricId): boolean =>
  catalogue[metric].kind.includes('I') && !catalogue[metric].kind.includes('D')

const isOneOff = (metric: MetricId): boolean =>
  catalogue[metric].rollup[0] === 'last' && !catalogue[metric].kind.includes('D')

function rulesFor(metric: MetricId): readonly Rule<Candidate>[] {
  if (isOneOff(metric)) return [lastRule, ...rules]
  if (isCounted(metric)) return rules.slice(1)
  return nightMetrics.includes(metric) ? [...rules.slice(0, 1), nightRule, ...rules.slice(1)] : rules
}

export function chooseSource<C extends Candidate>(metric: MetricId, candidates: readonly C[]): Choice<C> | null {
  const [first, ...others] = candidates
  if (!first) return null
  if (!others.length) return { winner: first, rule: 'Only this source has something for the day.' }
  const asked = rulesFor(metric)
  const compare = (a: C, b: C): number => {
    for (const [less] of asked) {
      const order = less(a, b)
      if (order) return order
    }
    return 0
  }
  const [winner = first, second = first] = [...candidates].sort(compare)
  const deciding = asked.find(([less]) => less(winner, second) !== 0)
  return { winner, rule: deciding?.[1](winner, second) ?? 'Of several alike sources, this one was there first.' }
}
