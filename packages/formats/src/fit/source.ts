import type { SourceClaim } from '@tributary/protocol'
import type { Message } from './definition.ts'
import type { FitPart } from './part.ts'
import { manufacturerName } from './profile.ts'

const recorder = 0

/** Who recorded: device_info 0 where there is one, else file_id, which a converter may have rewritten. */
export function sourceOf(part: Pick<FitPart, 'devices' | 'fileId'>): SourceClaim {
  const device = part.devices.get(recorder)
  const file = part.fileId
  const claim: SourceClaim = {}
  const manufacturer = manufacturerName(device?.number(2) ?? file?.number(1))
  const product = device?.number(4) ?? file?.number(2)
  const model = device?.text(27) ?? file?.text(8) ?? (product === undefined ? undefined : `product ${product}`)
  const serial = device?.number(3) ?? file?.number(3)
  const firmware = device?.number(5, 100)
  if (manufacturer) claim.manufacturer = manufacturer
  if (model) claim.model = model
  if (serial) claim.serial = `${serial}`
  if (firmware !== undefined) claim.firmware = firmware.toFixed(2)
  return claim
}

/** Straps, pods and meters that took part, for the list of devices. */
export function sensorsOf(part: FitPart): Record<string, unknown>[] {
  return [...part.devices].filter(([index]) => index !== recorder).map(([index, message]) => sensor(index, message))
}

function sensor(index: number, message: Message): Record<string, unknown> {
  const facts = {
    index,
    manufacturer: manufacturerName(message.number(2)),
    product: message.number(4),
    name: message.text(27),
    serial: message.number(3)?.toString(),
    type: message.number(1),
    firmware: message.number(5, 100)?.toFixed(2),
    battery_status: message.number(11),
    battery_level: message.number(32),
  }
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
}

/** The four fields by which the same recording is known again, whichever cloud it came through. */
export function recordingId(part: FitPart): string | undefined {
  const file = part.fileId
  const created = file?.number(4)
  if (created === undefined) return undefined
  return ['fit', file?.number(1) ?? '', file?.number(2) ?? '', file?.number(3) ?? '', created].join(':')
}
