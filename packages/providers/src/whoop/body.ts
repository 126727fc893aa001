/** Height and weight as the person entered them, without a time: they are stamped with the day on which they were read. */
import { z } from 'zod'
import { defineFeed } from '../kit/feed.ts'
import { samplesOf } from '../kit/tell.ts'

const dayMs = 86_400_000
const number = z.number().nullish()

const Body = z.object({ height_meter: number, weight_kilogram: number, read_at: z.number() })

export const body = defineFeed<z.infer<typeof Body>>({
  title: { en: 'Height and weight', de: 'Größe und Gewicht', fr: 'Taille et poids' },
  scopes: ['read:body_measurement'],
  brings: ['body_mass', 'body_height'],
  windowDays: 30,
  lookBackDays: 0,
  async *fetch(http, { to }, { now }) {
    if (to < now - dayMs) return // what it was then, nobody knows
    const { body } = await http.get('/v2/user/measurement/body')
    yield [{ ...(body as object), read_at: now - (now % dayMs) }] // once a day, however often it is read
  },
  raw: Body,
  *read({ height_meter, weight_kilogram, read_at }) {
    yield* samplesOf({ t: read_at, method: 'manual' }, [
      ['body_mass', weight_kilogram],
      ['body_height', height_meter],
    ])
  },
  unused: { max_heart_rate: 'a setting for WHOOP’s zones, no measurement' },
})
