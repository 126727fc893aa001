import { catalogue, type MetricId, routes } from '@tributary/protocol'
import { dayOfDate, zoneOf } from '../platform/days/zone.ts'
import { handle } from '../platform/http/handle.ts'
import { instantOf } from '../platform/instant.ts'
import { must } from '../platform/must.ts'
import { Problem } from '../platform/problem.ts'
import { chooseSource } from './choose-source.ts'
import { findBounds } from './days.queries.ts'
import { candidatesOf, namesOf, share, showSource } from './list-days.ts'
import { readDays } from './read-days.ts'

/** The winner, why it is that, and who else had something to say. A date without anything answers so. */
export const explainDay = handle(routes.explainDay, async ({ caller, params }, { db }) => {
  const day = dayOfDate(params.date)
  const [metric, ...others] = namesOf([params.metric])
  if (!metric || others.length)
    throw new Problem('not_found', `${params.metric} has no figure of a day: ask for one metric that has`)
  const { timeZone, sources, values } = await readDays(db, caller.userId, [metric], day, day)
  const candidates = candidatesOf(values, sources)
  const choice = chooseSource(metric, candidates)
  const zone = zoneOf(timeZone)
  const bounds = choice
    ? await db.readOn({ userId: caller.userId }, (client) => findBounds(client, caller.userId, choice.winner))
    : null
  return {
    date: params.date,
    metric,
    unit: catalogue[metric].unit,
    value: choice?.winner.value ?? null,
    start_time: instantOf(bounds?.startAt ?? zone.startOf(day)),
    end_time: instantOf(bounds?.endAt ?? zone.startOf(day + 1)),
    rule: choice ? `${choice.rule} ${figureWords(metric)}` : 'No source has anything for this day.',
    candidates: candidates.map(({ sourceId, value, n, basis, coverage }) => ({
      source: showSource(must(sources.get(sourceId), 'a candidate has a source')),
      ...{ value, n, stated: basis === 'stated', coverage: share(coverage) },
      is_winner: sourceId === choice?.winner.sourceId,
    })),
  }
})

const words: Record<string, string> = {
  avg: 'the mean of the day, weighted by time where it was measured densely',
  min: 'the lowest of the day',
  max: 'the highest of the day',
  sum: 'the sum of the day; what goes over midnight is shared out in proportion to time',
  last: 'the last of the day',
  count: 'how many there were',
}

const figureWords = (metric: MetricId): string =>
  `The figure is ${words[catalogue[metric].rollup[0] ?? ''] ?? 'its own'}.`
