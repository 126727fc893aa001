/** A person's account: who they are, what was measured, and the brand's records made from it. */
import type { NewAccount, Recording } from '../cloud.ts'
import { Measured } from './measured.ts'

/** A record as the brand's mapping makes it. */
export interface Draft {
  feed: string
  /** The brand's id; the same for a correction. */
  id: string
  /** ms: what its lists are sorted and windowed by. */
  at: number
  /** ms; when it was over. `at` when absent. */
  end?: number
  /** Local date it is counted for. */
  date?: string
  /** The brand's JSON, without stamps of when it was made. */
  body: Readonly<Record<string, unknown>>
}

export interface Kept extends Draft {
  end: number
  /** ms; when the brand first had it, and last changed it. */
  createdAt: number
  updatedAt: number
}

export interface Change {
  kind: 'create' | 'update' | 'delete'
  record: Kept
  /** As it was, of an update. */
  before?: Kept
}

export type MakeRecords = (account: Account) => Iterable<Draft>

export class Account {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly timeZone: string
  readonly createdAt: number
  /** What a brand remembers besides: registrations, notices not fetched yet. */
  readonly notes = new Map<string, unknown>()
  traits: ReadonlySet<string>
  readonly #recordings = new Map<string, Recording>()
  readonly #make: MakeRecords
  readonly #deleted = new Set<string>()
  #records = new Map<string, Kept>()
  #measured: Measured | null = null

  constructor(id: string, { name, email, timeZone, recordings, traits }: NewAccount, make: MakeRecords, now: number) {
    this.id = id
    this.name = name
    this.email = email
    this.timeZone = timeZone
    this.createdAt = now
    this.traits = new Set(traits)
    this.#make = make
    for (const recording of recordings) this.#recordings.set(recording.key, recording)
    this.#renew((record) => Math.min(now, record.end ?? record.at))
  }

  setTraits(traits: readonly string[]): void {
    this.traits = new Set(traits)
  }

  /** What each of the person's things measured, by itself. */
  things(): { device: Recording['device']; measured: Measured }[] {
    const bySerial = Map.groupBy(this.#recordings.values(), ({ device }) => `${device.model}/${device.serial}`)
    return [...bySerial.values()].map((recordings) => ({
      device: recordings[0]?.device ?? { name: '', manufacturer: '', model: '', serial: '' },
      measured: new Measured(this.timeZone, recordings),
    }))
  }

  get measured(): Measured {
    this.#measured ??= new Measured(this.timeZone, this.#recordings.values())
    return this.#measured
  }

  /** In the order of their time. */
  feed(feed: string): Kept[] {
    return [...this.#records.values()].filter((record) => record.feed === feed).sort((a, b) => a.at - b.at)
  }

  find(feed: string, id: string): Kept | undefined {
    return this.#records.get(`${feed}/${id}`)
  }

  record(recording: Recording, now: number): Change[] {
    // Later recordings go last, so that a corrected value wins over one of another recording.
    this.#recordings.delete(recording.key)
    this.#recordings.set(recording.key, recording)
    return this.#renew(() => now)
  }

  /** By the brand's id, in whatever feed; it does not come back with later corrections. Answers nothing when there is none. */
  delete(id: string, now: number): Change[] {
    for (const record of this.#records.values()) if (record.id === id) this.#deleted.add(`${record.feed}/${id}`)
    return this.#renew(() => now)
  }

  /** Makes all records anew and says what differs from before. */
  #renew(stamp: (draft: Draft) => number): Change[] {
    this.#measured = null
    const before = this.#records
    this.#records = new Map()
    const changes: Change[] = []
    for (const draft of this.#make(this)) {
      const key = `${draft.feed}/${draft.id}`
      if (this.#deleted.has(key)) continue
      const old = before.get(key)
      const isSame = old && JSON.stringify(old.body) === JSON.stringify(draft.body) && old.at === draft.at
      const record: Kept = isSame
        ? old
        : {
            ...draft,
            end: draft.end ?? draft.at,
            createdAt: old?.createdAt ?? stamp(draft),
            updatedAt: stamp(draft),
          }
      this.#records.set(key, record)
      if (!isSame) changes.push(old ? { kind: 'update', record, before: old } : { kind: 'create', record })
    }
    for (const [key, record] of before) if (!this.#records.has(key)) changes.push({ kind: 'delete', record })
    return changes
  }
}
