/** The things of the account: one list, whatever the time. */
import { z } from 'zod'
import { defineFeed, type Pages } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { deviceOf, Reference } from './devices.ts'
import { text } from './wire.ts'

const Answer = z.object({ devicesData: z.array(z.unknown()).nullish() })

const Device = z.object({
  deviceReference: Reference,
  firmwareVersion: text,
  productVariant: z.object({ productDescription: text }).nullish(),
})

export const user_devices = defineFeed<z.infer<typeof Device>>({
  title: { en: 'Devices', de: 'Geräte', fr: 'Appareils' },
  scopes: ['devices:read'],
  brings: [],
  windowDays: 36_500,
  lookBackDays: 1,
  fetch: userDevices,
  raw: Device,
  source({ deviceReference, productVariant, firmwareVersion }) {
    const reference = deviceReference?.deviceId ?? deviceReference?.uuid
    const thing = deviceOf(reference, productVariant?.productDescription)
    return thing && { ...thing, ...(firmwareVersion ? { firmware: firmwareVersion } : {}) }
  },
  *read() {
    yield { kind: 'thing' }
  },
  unused: { 'productVariant.productColor': 'how it looks' },
})

async function* userDevices(http: ProviderHttp): Pages {
  const { body } = await http.get('/user-devices', {}, { expects: [404] })
  yield readAnswer(Answer, body ?? {}).devicesData ?? []
}
