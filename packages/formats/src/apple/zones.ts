/** What a clock of a named zone showed, east of UTC: 48 half hours a day hold every change that zones have made since 1970. */
const stepMs = 1_800_000
const mostKept = 50_000

export class ZoneOffsets {
  readonly #formats = new Map<string, Intl.DateTimeFormat | undefined>()
  readonly #known = new Map<string, number>()

  /** Minutes; undefined when the zone has no such name. */
  at(zone: string, t: number): number | undefined {
    const key = `${zone}/${Math.floor(t / stepMs)}`
    let offset = this.#known.get(key)
    if (offset === undefined) {
      offset = this.#workOut(zone, t)
      if (offset === undefined) return undefined
      if (this.#known.size >= mostKept) this.#known.clear()
      this.#known.set(key, offset)
    }
    return offset
  }

  #workOut(zone: string, t: number): number | undefined {
    const format = this.#format(zone)
    const name = format?.formatToParts(t).find((part) => part.type === 'timeZoneName')?.value
    const match = name === undefined ? null : /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(name)
    if (!match) return undefined
    const minutes = Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0)
    return match[1] === '-' ? -minutes : minutes
  }

  #format(zone: string): Intl.DateTimeFormat | undefined {
    if (this.#formats.has(zone)) return this.#formats.get(zone)
    if (this.#formats.size >= 1000) this.#formats.clear()
    const format = formatFor(zone.replace(/^(?:GMT|UTC)(?=[+-]\d)/, ''))
    this.#formats.set(zone, format)
    return format
  }
}

function formatFor(timeZone: string): Intl.DateTimeFormat | undefined {
  if (timeZone.length > 60) return undefined
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  } catch (error) {
    if (error instanceof RangeError) return undefined // no such zone
    throw error
  }
}

/** The calendar date on a wall clock so many minutes east of UTC. */
export function localDate(t: number, offset: number): string {
  return new Date(t + offset * 60_000).toISOString().slice(0, 10)
}
