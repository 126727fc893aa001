/** Every emulated cloud, by the provider's id. A new one is a folder and a line here. */
import type { Cloud, CloudOptions } from './cloud.ts'
import { coros } from './coros/index.ts'
import { dexcom } from './dexcom/index.ts'
import { fitbit } from './fitbit/index.ts'
import { garmin } from './garmin/index.ts'
import { intervals } from './intervals/index.ts'
import { oura } from './oura/index.ts'
import { polar } from './polar/index.ts'
import { polarDynamic } from './polar-dynamic/index.ts'
import { strava } from './strava/index.ts'
import { suunto } from './suunto/index.ts'
import { ultrahuman } from './ultrahuman/index.ts'
import { wahoo } from './wahoo/index.ts'
import { whoop } from './whoop/index.ts'
import { withings } from './withings/index.ts'

export * from './cloud.ts'
export { VirtualClock } from './kit/clock.ts'
export { appsPage } from './kit/sign-in-page.ts'
export { accountAt, type CloudPerson, type PersonOptions, peopleOf } from './people-of.ts'
export { type ServedCloud, serveCloud } from './serve.ts'
export { type Choice, signIn } from './sign-in.ts'

export const clouds = {
  coros,
  dexcom,
  fitbit,
  garmin,
  intervals,
  oura,
  polar,
  polar_dynamic: polarDynamic,
  strava,
  suunto,
  ultrahuman,
  wahoo,
  whoop,
  withings,
} as const satisfies Record<string, (options: CloudOptions) => Cloud>
