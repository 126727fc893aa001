import { isTimeZone, offsetAt } from '../zones.ts'

const mostNames = 1_000
const longestName = 60

/** The zones that an export names: some are none, and each is asked for once. */
export class NamedZones {
  readonly #known = new Map<string, string | undefined>()

  /** Minutes east of UTC that clocks of the zone showed; undefined when there is no such zone. */
  offsetAt(name: string, t: number): number | undefined {
    const zone = this.#zoneOf(name)
    return zone === undefined ? undefined : offsetAt(zone, t)
  }

  #zoneOf(name: string): string | undefined {
    if (this.#known.has(name)) return this.#known.get(name)
    // Foundation writes `GMT+0200` for a zone without a place.
    const plain = name.replace(/^(?:GMT|UTC)(?=[+-]\d)/, '')
    const zone = plain && plain.length <= longestName && isTimeZone(plain) ? plain : undefined
    if (this.#known.size >= mostNames) this.#known.clear()
    this.#known.set(name, zone)
    return zone
  }
}
