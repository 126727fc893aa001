/** Lists that hold no measurement, or one that has no metric. */
import { z } from 'zod'

/**
 * The parts of a feed that tells nothing and is asked for all the same: where answers are kept for a while, they can be read again once
 * there is a place for what they say. `why` stands for all of a record, whose `fields` are named in `unused`.
 */
export const withoutMetric = (why: string, fields: readonly string[]) => ({
  brings: [],
  raw: z.looseObject({}),
  read: () => [],
  unused: Object.fromEntries(fields.map((field) => [field, why])),
})
