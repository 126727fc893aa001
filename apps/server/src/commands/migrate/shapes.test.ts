import { expect, test } from 'vitest'
import { type OldDevice, readIntegrations } from './shapes.ts'

const person = {
  id: 1,
  devices_configured: '{"strava":"strava","apple_2":"apple"}',
  device_sync_config: '{"strava":{"auto_sync_enabled":true},"apple_2":{"auto_sync_enabled":false}}',
}
const switches = (row: object) =>
  [...readIntegrations({ ...person, ...row })].map((device) => {
    const { type, autoSync } = device as OldDevice
    return [type, autoSync]
  })

test('a device of document 0 syncs by itself when its own switch and the master switch are on', () => {
  const asSet = [
    ['strava', true],
    ['apple', false],
  ]
  expect(switches({})).toEqual(asSet)
  expect(switches({ device_sync_enabled: true })).toEqual(asSet)
  for (const off of [false, 0])
    expect(switches({ device_sync_enabled: off })).toEqual([
      ['strava', false],
      ['apple', false],
    ])
})
