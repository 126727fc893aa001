/** Weight and height as the account has them, without a time: they are stamped with the day on which they were read. */
import { z } from 'zod'
import { defineFeed, type Told } from '../kit/feed.ts'
import { samplesOf } from '../kit/tell.ts'
import { accountData } from './account-data.ts'
import { number } from './wire.ts'

const dayMs = 86_400_000

const Info = z.object({
  physicalInformation: z.object({ weight: number, height: number }).nullish(),
  /** Not Polar's. */
  readAt: z.number(),
})

const why = { setting: 'it has no date, and no day may have it', person: 'who the person is', aim: 'an aim' }

export const physical_info = defineFeed<z.infer<typeof Info>>({
  title: { en: 'Weight and height', de: 'Gewicht und Größe', fr: 'Poids et taille' },
  scopes: ['profile:read'],
  brings: ['body_mass', 'body_height'],
  windowDays: 30,
  lookBackDays: 0,
  async *fetch(http, { to }, { now }) {
    if (to < now - dayMs) return // what it was then, nobody knows
    yield [{ ...(await accountData(http)), readAt: now - (now % dayMs) }] // once a day, however often it is read
  },
  raw: Info,
  *read({ physicalInformation, readAt }): Generator<Told> {
    yield* samplesOf({ t: readAt, method: 'manual' }, [
      ['body_mass', physicalInformation?.weight || undefined],
      ['body_height', physicalInformation?.height || undefined, 'cm'],
    ])
  },
  unused: {
    basicInfo: why.person,
    localizationSettings: 'the hub knows the zone of its person',
    'physicalInformation.birthday': why.person,
    'physicalInformation.sex': why.person,
    'physicalInformation.trainingBackground': why.person,
    'physicalInformation.restingHeartRate': why.setting,
    'physicalInformation.maximumHeartRate': why.setting,
    'physicalInformation.vo2Max': why.setting,
    'physicalInformation.sleepGoal': why.aim,
    'physicalInformation.weeklyRecoveryTimeSum': why.aim,
  },
})
