/** What Polar calls the sport of a number. Without the scope workouts have none. */
import { z } from 'zod'
import type { FetchContext } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { rowsOf } from './lists.ts'

export type SportNames = ReadonlyMap<string, string>

const Sport = z.object({ id: z.object({ id: z.union([z.string(), z.number()]) }), name: z.string() })

export async function sportNames(http: ProviderHttp, { scopes }: FetchContext): Promise<SportNames> {
  if (!scopes.includes('sports:read')) return new Map()
  const rows = (await rowsOf(http, '/sports/list', {}, ['sports'])) ?? []
  return new Map(
    rows.flatMap((row): [string, string][] => {
      const { data } = Sport.safeParse(row)
      return data ? [[String(data.id.id), data.name]] : []
    }),
  )
}
