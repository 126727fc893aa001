/** When and with what it was measured that the cases of Google Health are about. */
import type { Recording } from '@tributary/emulators/clouds'
import type { Reading } from '@tributary/protocol'
import type { Connection } from '../kit/testing/test-cloud-match.ts'

export const now = '2026-11-10T12:04:00Z'
export const hour = 3_600_000
export const day = 24 * hour
export const device = { name: 'Fitbit Charge 6', manufacturer: 'Fitbit', model: 'Charge 6', serial: 'FB-20417' }
export const ago = (ms: number) => Date.parse(now) - ms
export const whole = (t: number) => Math.floor(t / 1_000) * 1_000
export const of = (key: string, ...readings: Reading[]): Recording => ({ key, device, readings })
export const sample = (metric: string, value: number): Recording => ({
  key: metric,
  device,
  readings: [{ kind: 'sample', metric, t: ago(30 * hour), value }],
})
export const values = async (connection: Connection, feed: string, metric: string) => [
  ...((await connection.pull([feed])).values.get(metric)?.values() ?? []),
]

export type Typed = Record<string, Record<string, unknown>>
