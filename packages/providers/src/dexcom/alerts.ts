/** Warnings of a phone or receiver: asked for, so that they stand in answers that are kept, and told by none of our metrics. */
import { z } from 'zod'
import { defineFeed } from '../kit/feed.ts'
import { listed } from './records.ts'

const warned = 'that a phone warned; the glucose it warned of is told'

export const alerts = defineFeed({
  title: { en: 'Alerts', de: 'Warnungen', fr: 'Alertes' },
  brings: [],
  ...listed('alerts'),
  raw: z.looseObject({}),
  read: () => [],
  unused: { recordId: warned, systemTime: warned, displayTime: warned, alertName: warned, alertState: warned },
})
