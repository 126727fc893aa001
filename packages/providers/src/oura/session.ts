/** Moments in Oura's app: breathing, meditation, and naps. */
import { z } from 'zod'
import { defineFeed } from '../kit/feed.ts'
import { given, offsetOf } from '../kit/tell.ts'
import { byDate } from './collections.ts'
import { Items, itemsOf } from './items.ts'

const instant = z.iso.datetime({ offset: true })

const Session = z.object({
  id: z.string(),
  type: z.string(),
  start_datetime: instant,
  end_datetime: instant,
  mood: z.string().nullish(),
  heart_rate: Items.nullish(),
  heart_rate_variability: Items.nullish(),
})

export const session = defineFeed<z.infer<typeof Session>>({
  title: { en: 'Moments', de: 'Momente', fr: 'Moments' },
  scopes: ['session'],
  brings: ['meditation', 'sleep', 'heart_rate', 'hrv_rmssd'],
  ...byDate('session'),
  lookBackDays: 7,
  raw: Session,
  *read({ id, type, start_datetime, end_datetime, mood, heart_rate, heart_rate_variability }) {
    const start = Date.parse(start_datetime)
    const end = Date.parse(end_datetime)
    yield {
      kind: 'session',
      ...(type === 'nap' ? { type: 'sleep', isNap: true } : { type: 'meditation' }),
      start,
      end,
      offset: offsetOf(start_datetime) ?? 0,
      externalId: id,
      totals: { duration: (end - start) / 1_000 },
      parts: [],
      extra: given({ session_type: type, mood }),
    }
    yield* itemsOf('heart_rate', heart_rate)
    yield* itemsOf('hrv_rmssd', heart_rate_variability)
  },
  unused: { day: 'the date of the start', motion_count: 'no metric of ours' },
})
