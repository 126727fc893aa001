import { z } from 'zod'
import { defineFeed, type Pages } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { RecordError } from '../kit/read-records.ts'

async function* zones(http: ProviderHttp): Pages {
  const { body } = await http.get('/v1/power_zones')
  yield readAnswer(z.array(z.unknown()), body)
}

export const powerZones = defineFeed({
  title: { en: 'Threshold power', de: 'Schwellenleistung', fr: 'Puissance au seuil' },
  scopes: ['power_zones_read'],
  brings: ['functional_threshold_power'],
  windowDays: 3650, // a handful of records without a filter by date
  lookBackDays: 1,
  fetch: zones,
  raw: z.object({
    id: z.number(),
    ftp: z.number().nullish(),
    updated_at: z.string().nullish(),
    created_at: z.string().nullish(),
  }),
  *read({ id, ftp, updated_at, created_at }) {
    if (!ftp) return
    const start = Date.parse(updated_at ?? created_at ?? '')
    if (Number.isNaN(start)) throw new RecordError('a threshold power without a time')
    yield {
      kind: 'event',
      metric: 'functional_threshold_power',
      start,
      value: { value: ftp },
      externalId: `power_zones:${id}:${start}`,
    }
  },
  unused: {
    user_id: 'the connection knows whose it is',
    ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((n) => [`zone_${n}`, 'a bound that was set, no measurement'])),
    zone_count: 'how many bounds were set',
    workout_type_id: 'of which sports it was set for',
    workout_type_family_id: 'of which sports it was set for',
    workout_type_location_id: 'of which sports it was set for',
    critical_power: 'no metric',
    created_at: 'the later of the two times counts',
  },
})
