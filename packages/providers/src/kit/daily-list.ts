/** What a provider says of a person that has no time: settings, things, ways to come. */
import { z } from 'zod'
import type { FetchContext, Pages, Window } from './feed.ts'
import type { ProviderHttp } from './http.ts'

const dayMs = 24 * 60 * 60_000

/**
 * The parts of a feed that tells nothing and is asked for all the same: where answers are kept for a while, they can be read again once
 * there is a place for what they say. Asked for once a day, in the first window that reaches into it. `why` stands for all of a record,
 * whose `fields` are named in `unused`.
 */
export const dailyList = (
  ask: (http: ProviderHttp, context: FetchContext) => Pages,
  why: string,
  fields: readonly string[],
) => ({
  brings: [],
  windowDays: 36_500, // it knows no dates
  lookBackDays: 0,
  async *fetch(http: ProviderHttp, { from, to }: Window, context: FetchContext): Pages {
    if (Math.floor(from / dayMs) < Math.floor(to / dayMs)) yield* ask(http, context)
  },
  raw: z.looseObject({}),
  read: () => [],
  unused: Object.fromEntries(fields.map((field) => [field, why])),
})
