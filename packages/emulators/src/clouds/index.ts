/** Every emulated cloud, by the provider's id. A new one is a folder and a line here. */
import type { Cloud, CloudOptions } from './cloud.ts'
import { dexcom } from './dexcom/index.ts'
import { fitbit } from './fitbit/index.ts'
import { oura } from './oura/index.ts'
import { polar } from './polar/index.ts'
import { strava } from './strava/index.ts'
import { wahoo } from './wahoo/index.ts'
import { whoop } from './whoop/index.ts'
import { withings } from './withings/index.ts'

export * from './cloud.ts'
export { VirtualClock } from './kit/clock.ts'
export { appsPage } from './kit/sign-in-page.ts'
export { accountAt, type CloudPerson, type PersonOptions, peopleOf } from './people-of.ts'
export { type ServedCloud, serveCloud } from './serve.ts'
export { type Choice, signIn } from './sign-in.ts'

export const clouds = { dexcom, fitbit, oura, polar, strava, wahoo, whoop, withings } as const satisfies Record<
  string,
  (options: CloudOptions) => Cloud
>
