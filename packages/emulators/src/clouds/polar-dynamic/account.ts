/** The account, its things and the sports there are: no dates, no features. */
import { json } from '../kit/answers.ts'
import { round } from '../kit/measured.ts'
import { type PersonAsk, person, type Route } from '../kit/router.ts'
import { isoUtc } from '../kit/times.ts'
import { uuidOf } from './devices.ts'
import { sports } from './sports.ts'

export const accountRoutes: readonly Route[] = [
  person('GET', '/v4/data/user/account-data', ['profile:read'], (ask) => {
    const data = accountOf(ask)
    return json(ask.account.traits.has('wrapped') ? { accountData: data } : data)
  }),
  person('GET', '/v4/data/user-devices', ['devices:read'], (ask) => json(devicesOf(ask))),
  person('GET', '/v4/data/sports/list', ['sports:read'], ({ account }) => {
    const list = sports.map(([id, name]) => ({
      id: { id },
      name,
      localizedNames: { en: { longName: longName(name) } },
    }))
    return json(account.traits.has('wrapped') ? { sports: list } : list)
  }),
]

function accountOf({ account: { name, email, measured } }: PersonAsk) {
  const weight = measured.column('body_mass').v.at(-1)
  return {
    basicInfo: { email, nickname: name },
    physicalInformation: {
      birthday: '1992-04-17',
      sex: 'FEMALE',
      height: 178,
      weight: round(weight ?? 71.8, 1),
      restingHeartRate: [...measured.daysOf('resting_heart_rate').values()].at(-1)?.value ?? 48,
      maximumHeartRate: 188,
      vo2Max: Math.round(measured.column('vo2max').v.at(-1) ?? 54),
      trainingBackground: 'REGULAR',
      sleepGoal: '28800',
      weeklyRecoveryTimeSum: 14.5,
    },
    localizationSettings: { timezoneOffsetMinutes: 60 },
  }
}

function devicesOf({ account }: PersonAsk) {
  const things = account.things().map(({ device }) => ({ device, deviceReference: { uuid: uuidOf(device) } }))
  return {
    devicesData: things.map(({ device, deviceReference }) => ({
      deviceReference,
      firmwareVersion: '5.0.55',
      productVariant: { productColor: 'Black', productDescription: device.name },
    })),
    userDevicesData: {
      activeDevices: things.map(({ deviceReference }) => ({
        deviceReference,
        registered: isoUtc(account.createdAt).replace(/\.\d+/, ''),
        deviceSettings: [{ name: 'AUTOMATIC_TRAINING_DETECTION', value: 'ON' }],
      })),
    },
  }
}

const longName = (name: string): string => name.toLowerCase().replace(/_/g, ' ')
