import { type RecordingMethod, tableOf } from '@tributary/protocol'
import type { z } from 'zod'
import type { RecordSource } from '../kit/feed.ts'
import { given } from '../kit/tell.ts'
import type { dataSource } from './wire.ts'

type DataSource = z.infer<typeof dataSource>

/** The device that measured, or the app that wrote; a merged stream names neither. */
export function sourceOf({ dataSource: from }: { dataSource?: DataSource }): RecordSource | undefined {
  const model = from?.device?.displayName ?? undefined
  const { packageName, googleWebClientId, webClientId } = from?.application ?? {}
  const app = packageName ?? googleWebClientId ?? webClientId ?? undefined
  const name = model ?? app
  if (!from || !name) return undefined
  const manufacturer = from.device?.manufacturer
  return { key: `${from.platform ?? ''}:${app ?? ''}:${model ?? ''}`, name, ...given({ manufacturer, model, app }) }
}

const methods: Readonly<Record<string, RecordingMethod>> = tableOf({
  PASSIVELY_MEASURED: 'automatic',
  ACTIVELY_MEASURED: 'active',
  MANUAL: 'manual',
})

export const methodOf = (from: DataSource): RecordingMethod | undefined => methods[from?.recordingMethod ?? '']

export const unusedOfSource = {
  'dataSource.device.formFactor': 'the name of the device says it',
}

/** Times that a session or interval has beside those that are read; `key` is the name of its message. */
export const unusedOfInterval = (key: string): Record<string, string> => ({
  [`${key}.interval.endUtcOffset`]: 'the zone is the one in which it began',
  [`${key}.interval.civilStartTime`]: 'the start by the person’s own clock, once more',
  [`${key}.interval.civilEndTime`]: 'the end by the person’s own clock, once more',
})

export const unusedOfSample = (key: string): Record<string, string> => ({
  [`${key}.sampleTime.civilTime`]: 'the time by the person’s own clock, once more',
})
