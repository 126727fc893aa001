import type { RecordingMethod } from '@tributary/protocol'
import type { z } from 'zod'
import type { RecordSource } from '../kit/feed.ts'
import { given } from '../kit/tell.ts'
import type { dataSource } from './wire.ts'

type DataSource = z.infer<typeof dataSource>

/** The device that measured, or the app that wrote; a merged stream names neither. */
export function sourceOf({ dataSource: from }: { dataSource?: DataSource }): RecordSource | undefined {
  const model = from?.device?.displayName ?? undefined
  const app = from?.application?.packageName ?? undefined
  const name = model ?? app
  if (!from || !name) return undefined
  const manufacturer = from.device?.manufacturer
  return { key: `${from.platform ?? ''}:${app ?? ''}:${model ?? ''}`, name, ...given({ manufacturer, model, app }) }
}

const methods: Readonly<Record<string, RecordingMethod>> = {
  PASSIVELY_MEASURED: 'automatic',
  ACTIVELY_MEASURED: 'active',
  MANUAL: 'manual',
}

export const methodOf = (from: DataSource): RecordingMethod | undefined => methods[from?.recordingMethod ?? '']

export const unusedOfSource = {
  'dataSource.device.formFactor': 'the name of the device says it',
}
