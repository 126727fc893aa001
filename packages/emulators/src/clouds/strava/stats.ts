/** Totals of what everyone may see. */
import type { Kept } from '../kit/accounts.ts'

const dayMs = 86_400_000
const kinds = { ride: /Ride/, run: /Run/, swim: /Swim/ } as const

export function statsOf(activities: readonly Kept[], now: number): Record<string, unknown> {
  const public_ = activities.filter(({ body }) => body['visibility'] === 'everyone')
  const year = new Date(now).getUTCFullYear()
  const spans = {
    recent: ({ at }: Kept) => at >= now - 28 * dayMs,
    ytd: ({ at }: Kept) => new Date(at).getUTCFullYear() === year,
    all: () => true,
  }
  const stats: Record<string, unknown> = {}
  for (const [span, isIn] of Object.entries(spans))
    for (const [kind, fits] of Object.entries(kinds))
      stats[`${span}_${kind}_totals`] = totalsOf(
        public_.filter((one) => isIn(one) && fits.test(String(one.body['sport_type']))),
      )
  return stats
}

function totalsOf(list: readonly Kept[]) {
  const sum = (name: string) => list.reduce((total, { body }) => total + Number(body[name]), 0)
  return {
    count: list.length,
    distance: sum('distance'),
    moving_time: sum('moving_time'),
    elapsed_time: sum('elapsed_time'),
    elevation_gain: sum('total_elevation_gain'),
  }
}
