/** Warnings of a phone or receiver: asked for, so that they stand in answers that are kept, and told by none of our metrics. */
import { defineFeed } from '../kit/feed.ts'
import { withoutMetric } from '../kit/without-metric.ts'
import { listed } from './records.ts'

export const alerts = defineFeed({
  title: { en: 'Alerts', de: 'Warnungen', fr: 'Alertes' },
  ...listed('alerts'),
  ...withoutMetric('that a phone warned; the glucose it warned of is told', [
    'recordId',
    'systemTime',
    'displayTime',
    'alertName',
    'alertState',
  ]),
})
