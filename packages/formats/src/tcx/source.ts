import type { SourceClaim } from '@tributary/protocol'
import type { TcxDocument } from './document.ts'

/** Garmin's names for its families; only the device's name tells the maker. */
const garminNames =
  /^(garmin|forerunner|f[eē]nix|edge|v[ií]vo|venu|instinct|epix|enduro|approach|tactix|d2|marq|lily|swim)\b|^v[ií]voactive/i

export function sourceOf({ creator, author }: TcxDocument): SourceClaim {
  const claim: SourceClaim = {}
  const { name, unitId, version } = creator
  if (name && (garminNames.test(name) || /garmin|^connect api$/i.test(author ?? ''))) claim.manufacturer = 'Garmin'
  if (name) claim.model = name.replace(/^garmin\s+/i, '')
  if (unitId && !/^0+$/.test(unitId)) claim.serial = unitId
  if (version.length === 2) claim.firmware = version.join('.')
  if (author) claim.app = author
  return claim
}
