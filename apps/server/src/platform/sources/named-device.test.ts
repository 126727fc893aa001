import { expect, test } from 'vitest'
import { deviceOf } from './named-device.ts'

test('maker and serial together name a device', () => {
  expect(deviceOf({ manufacturer: 'Garmin', model: 'fenix 5', serial: '3945849289', firmware: '4.10' })).toEqual({
    manufacturer: 'Garmin',
    model: 'fenix 5',
    serial: '3945849289',
    firmware: '4.10',
    deviceType: 'garmin_fenix_5',
    deviceName: 'Garmin fenix 5',
  })
})

test('a model that begins with its maker does not say it twice', () => {
  expect(deviceOf({ manufacturer: 'Polar', model: 'Polar H10', serial: '1' })).toMatchObject({
    deviceName: 'Polar H10',
    deviceType: 'polar_h10',
  })
})

test('a device whose model is not known is called after its maker', () => {
  expect(deviceOf({ manufacturer: 'Сенсор', serial: '1' })).toMatchObject({
    deviceName: 'Сенсор',
    deviceType: 'сенсор',
    model: null,
  })
})

test.each([[{ manufacturer: 'Garmin' }], [{ serial: '1' }], [{ app: 'Strava', model: 'x' }], [{}]])(
  '%j names none',
  (claim) => {
    expect(deviceOf(claim)).toBeUndefined()
  },
)
