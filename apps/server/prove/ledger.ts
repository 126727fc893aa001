/**
 * What was sent and what was acknowledged, kept outside the system under test.
 * A write whose answer never came may stand or not; one that was acknowledged must.
 */

interface Cell {
  /** The last acknowledged value; undefined before there was one. */
  acknowledged: number | undefined
  /** Values sent after it whose answer never came: any of them may stand instead. */
  possible: Set<number>
}

export interface Upload {
  device: string
  dataType: string
  points: { t: number; v: number }[]
}

export class Ledger {
  readonly #series = new Map<string, Map<number, Cell>>()
  uploads = 0
  acknowledged = 0

  /** Before the bytes leave: from now on the values may stand. */
  sending({ device, dataType, points }: Upload): void {
    this.uploads++
    const cells = this.cells(device, dataType)
    for (const { t, v } of points) {
      const cell = cells.get(t) ?? { acknowledged: undefined, possible: new Set() }
      cell.possible.add(v)
      cells.set(t, cell)
    }
  }

  /** After a 201: from now on they must. */
  confirmed({ device, dataType, points }: Upload): void {
    this.acknowledged++
    const cells = this.cells(device, dataType)
    for (const { t, v } of points) cells.set(t, { acknowledged: v, possible: new Set() })
  }

  get series(): { device: string; dataType: string }[] {
    return [...this.#series.keys()].map((key) => {
      const [device = '', dataType = ''] = key.split(' ')
      return { device, dataType }
    })
  }

  /** Holds what was read against what was promised; every difference is a sentence. */
  compare(device: string, dataType: string, read: { t: number; v: number }[]): string[] {
    const faults: string[] = []
    const cells = this.cells(device, dataType)
    const seen = new Set<number>()
    for (const { t, v } of read) {
      const name = `${dataType} of ${device} at ${new Date(t).toISOString()}`
      if (seen.has(t)) faults.push(`${name} is there twice`)
      seen.add(t)
      const cell = cells.get(t)
      if (!cell) faults.push(`${name} was never sent`)
      else if (v !== cell.acknowledged && !cell.possible.has(v))
        faults.push(`${name} is ${v}, not ${cell.acknowledged}`)
    }
    for (const [t, cell] of cells)
      if (cell.acknowledged !== undefined && !seen.has(t))
        faults.push(`${dataType} of ${device} at ${new Date(t).toISOString()} was acknowledged and is missing`)
    return faults
  }

  private cells(device: string, dataType: string): Map<number, Cell> {
    const key = `${device} ${dataType}`
    const found = this.#series.get(key)
    if (found) return found
    const made = new Map<number, Cell>()
    this.#series.set(key, made)
    return made
  }
}
