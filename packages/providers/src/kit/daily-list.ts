/** What a provider says of a person that has no time: settings, things, ways to come. */
import { type FetchContext, type Pages, timeless, type Window } from './feed.ts'
import type { ProviderHttp } from './http.ts'
import { withoutMetric } from './without-metric.ts'

const dayMs = 24 * 60 * 60_000

/** `withoutMetric`, asked for once a day, in the first window that reaches into it. */
export const dailyList = (
  ask: (http: ProviderHttp, context: FetchContext) => Pages,
  why: string,
  fields: readonly string[],
) => ({
  ...withoutMetric(why, fields),
  windowDays: timeless,
  lookBackDays: 0,
  async *fetch(http: ProviderHttp, { from, to }: Window, context: FetchContext): Pages {
    if (Math.floor(from / dayMs) < Math.floor(to / dayMs)) yield* ask(http, context)
  },
})
