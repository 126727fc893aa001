/**
 * Cycles and recoveries say nothing of the date they are of: a cycle runs from one falling asleep to the next, a recovery has no
 * zone. Their night does: the date is that of its waking up.
 */
import { z } from 'zod'
import type { Window } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { dateOf, offsetOf } from '../kit/tell.ts'
import { oneOf, pagesOf } from './lists.ts'

export const Night = z.object({
  id: z.string(),
  cycle_id: z.number().nullish(),
  end: z.iso.datetime(),
  timezone_offset: z.string(),
  nap: z.boolean().nullish(),
})
export type Night = z.infer<typeof Night>

const dayMs = 86_400_000

export interface Nights {
  byId: ReadonlyMap<string, Night>
  byCycle: ReadonlyMap<number, Night>
}

/** Those of a window and a day around it. None when the person did not grant their sleep. */
export async function nightsOf(http: ProviderHttp, { from, to }: Window, scopes: readonly string[]): Promise<Nights> {
  const byId = new Map<string, Night>()
  const byCycle = new Map<number, Night>()
  if (!scopes.includes('read:sleep')) return { byId, byCycle }
  for await (const page of pagesOf(http, '/v2/activity/sleep', { from: from - dayMs, to: to + dayMs }))
    for (const night of readAnswer(z.array(Night), page)) {
      byId.set(night.id, night)
      if (!night.nap && night.cycle_id != null) byCycle.set(night.cycle_id, night)
    }
  return { byId, byCycle }
}

export async function nightOf(http: ProviderHttp, id: string): Promise<Night | undefined> {
  const night = await oneOf(http, `/v2/activity/sleep/${encodeURIComponent(id)}`)
  return night === undefined ? undefined : readAnswer(Night, night)
}

/** `Z`, `+02:00`. */
export const minutesOf = (offset: string): number => offsetOf(offset) ?? 0

export const localDate = (instant: string, offset: string): string => dateOf(Date.parse(instant), minutesOf(offset))
