/**
 * The registry of providers: kinds and brands of sources, by the id that every table and route uses. A new one is a folder and a line here.
 */
import { tableOf } from '@tributary/protocol'
import { apple } from './apple/index.ts'
import { coros } from './coros/index.ts'
import { custom } from './custom/index.ts'
import { dexcom } from './dexcom/index.ts'
import { fitbit } from './fitbit/index.ts'
import { garmin } from './garmin/index.ts'
import { googleFit } from './google-fit/index.ts'
import { healthConnect } from './health-connect/index.ts'
import { intervals } from './intervals/index.ts'
import type { Provider } from './kit/provider.ts'
import { registryOf } from './kit/registry.ts'
import { manual } from './manual/index.ts'
import { mqtt } from './mqtt/index.ts'
import { oura } from './oura/index.ts'
import { polar } from './polar/index.ts'
import { polarDynamic } from './polar-dynamic/index.ts'
import { samsung } from './samsung/index.ts'
import { strava } from './strava/index.ts'
import { suunto } from './suunto/index.ts'
import { ultrahuman } from './ultrahuman/index.ts'
import { wahoo } from './wahoo/index.ts'
import { whoop } from './whoop/index.ts'
import { withings } from './withings/index.ts'
import { xiaomi } from './xiaomi/index.ts'

const listed = [
  strava,
  garmin,
  fitbit,
  polar,
  polarDynamic,
  coros,
  wahoo,
  suunto,
  oura,
  whoop,
  withings,
  dexcom,
  ultrahuman,
  intervals,
  apple,
  healthConnect,
  samsung,
  xiaomi,
  googleFit,
  manual,
  mqtt,
  custom,
] as const satisfies readonly Provider[]

export type ProviderId = (typeof listed)[number]['id']

/** In the order people are shown them. */
export const providers: readonly Provider[] = listed

/** As paths and documents also write them. */
const otherNames = tableOf({ apple_health: 'apple', samsung_health: 'samsung' } as const)

export const { findProvider, providerOf } = registryOf<(typeof listed)[number]>(listed, otherNames)
