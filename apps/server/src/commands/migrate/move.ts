/**
 * Brings what another database holds into accounts here. Every thing's id is made of its old one, and values are told apart by their
 * times: a run that was cut short, or a second one, adds only what is missing. Nothing here can write there.
 */
import { createHash } from 'node:crypto'
import { resolveDataType } from '@tributary/protocol'
import type { BringTokens } from '../../connect/bring-tokens.ts'
import { broughtWith } from '../../connect/brought-tokens.ts'
import { saveCredentials } from '../../devices/credentials.ts'
import { applyReport, type Report } from '../../devices/reports.queries.ts'
import type { Ingest } from '../../ingest/incoming.ts'
import type { Database } from '../../platform/db/database.ts'
import { instantOf } from '../../platform/instant.ts'
import type { Sealing } from '../../platform/sealing.ts'
import { readBody } from '../../receive/read-body.ts'
import type { OldDatabase, OldRow } from './old-database.ts'
import {
  isUnusable,
  type OldConnection,
  type OldDevice,
  type OldPerson,
  type OldReport,
  type OldRun,
  type OldUpload,
  providerOfDevice,
  type Read,
  readConnection,
  readDevice,
  readIntegrations,
  readPerson,
  readReport,
  readRun,
  readUpload,
  tables,
} from './shapes.ts'
import { findConnection, putConnection, putDevice, putReport, putRun, sourceOf } from './write.queries.ts'

export interface MoveEdges {
  db: Database
  ingest: Ingest
  sealing: Sealing
  /** Makes the tokens of a connection that was moved its own; it is tried like any other. */
  bringTokens: BringTokens
  defaultIntervalMinutes: number
  now(): number
  /** Told as it goes. */
  onProgress(table: string, rows: number): void
}

/** Whose account here somebody's things there go to; null: they are left, and the report says so. */
export type AccountOf = (person: OldPerson) => Promise<string | null>

export interface TableReport {
  table: string
  read: number
  added: number
  known: number
  /** How many rows or values could not be used, by reason. */
  refused: Record<string, number>
}

export interface MoveReport {
  tables: TableReport[]
  people: { moved: number; left: string[] }
  /** Tables that are there and belong to none of the documents. */
  untouched: string[]
}

export async function moveIn(old: OldDatabase, edges: MoveEdges, accountOf: AccountOf): Promise<MoveReport> {
  const move = new Move(old, edges, accountOf)
  await move.everything()
  return move.report()
}

/** Values are stored when so many have come together. */
const together = 20_000

class Move {
  readonly #old: OldDatabase
  readonly #edges: MoveEdges
  readonly #accountOf: AccountOf
  readonly #people = new Map<string, OldPerson>()
  readonly #accounts = new Map<string, string | null>()
  /** New ids of old devices, with whose they are. */
  readonly #devices = new Map<string, { userId: string; deviceId: string; provider: string }>()
  readonly #reports = new Map<string, TableReport>()

  constructor(old: OldDatabase, edges: MoveEdges, accountOf: AccountOf) {
    this.#old = old
    this.#edges = edges
    this.#accountOf = accountOf
  }

  async everything(): Promise<void> {
    for (const table of this.#named('people')) await this.#each(table, (row) => this.#meet(readPerson(row)))
    for (const table of this.#named('connections'))
      await this.#each(table, (row) => this.#connect(readConnection(table, row)))
    for (const table of this.#named('integrations'))
      await this.#each(table, async (row, report) => {
        for (const device of readIntegrations(row)) await this.#register(device, report)
      })
    for (const table of this.#named('devices'))
      await this.#each(table, (row, report) => this.#register(readDevice(row), report))
    for (const table of this.#named('data')) await this.#fill(table)
    for (const table of this.#named('runs')) await this.#each(table, (row) => this.#run(readRun(row)))
    for (const table of this.#named('reports')) await this.#each(table, (row) => this.#health(readReport(row)))
  }

  report(): MoveReport {
    const known = new Set(this.#reports.keys())
    const left = [...this.#accounts]
      .filter(([, account]) => account === null)
      .map(([id]) => this.#people.get(id)?.email ?? `person ${id}`)
    return {
      tables: [...this.#reports.values()],
      people: { moved: [...this.#accounts.values()].filter((account) => account !== null).length, left },
      untouched: [...this.#old.tables.keys()].filter((table) => !known.has(table)).sort(),
    }
  }

  #named(kind: keyof typeof tables): string[] {
    return tables[kind].flatMap(([name, column]) =>
      [...this.#old.tables].flatMap(([place, columns]) =>
        place.endsWith(`.${name}`) && columns.has(column) ? [place] : [],
      ),
    )
  }

  async #each(
    table: string,
    take: (row: OldRow, report: TableReport) => Promise<Outcome | undefined> | Outcome | undefined,
  ): Promise<void> {
    const report = this.#reportOf(table)
    let read = 0
    for await (const row of this.#old.rows(table)) {
      report.read = Math.max(report.read, ++read) // people are read once more for the devices in their rows
      note(report, await take(row, report))
      if (read % 100 === 0) this.#edges.onProgress(table, read)
    }
    this.#edges.onProgress(table, read)
  }

  #reportOf(table: string): TableReport {
    const known = this.#reports.get(table)
    if (known) return known
    const made = { table, read: 0, added: 0, known: 0, refused: {} }
    this.#reports.set(table, made)
    return made
  }

  #meet(person: Read<OldPerson>): Outcome | undefined {
    if (isUnusable(person)) return person
    const known = this.#people.get(person.id)
    if (!known?.email) this.#people.set(person.id, person)
    return undefined
  }

  async #account(person: string): Promise<string | null> {
    const known = this.#accounts.get(person)
    if (known !== undefined) return known
    const account = await this.#accountOf(this.#people.get(person) ?? { id: person, email: null })
    this.#accounts.set(person, account)
    return account
  }

  async #connect(connection: Read<OldConnection>): Promise<Outcome> {
    if (isUnusable(connection)) return connection
    const userId = await this.#account(connection.person)
    if (!userId) return nobody
    const connectionId = this.#idOf('connection', connection.person, connection.id)
    const { db, bringTokens } = this.#edges
    const { provider } = connection
    return db.write({ userId }, async (tx) => {
      if (!(await putConnection(tx, userId, connectionId, connection))) return 'known'
      await bringTokens(tx, { userId, connectionId, provider }, { ...connection, fields: {} })
      return 'added'
    })
  }

  async #register(device: Read<OldDevice>, report: TableReport): Promise<undefined> {
    if (isUnusable(device)) return note(report, device)
    const userId = await this.#account(device.person)
    if (!userId) return note(report, nobody)
    const { db, sealing, bringTokens, defaultIntervalMinutes } = this.#edges
    const deviceId = isUuid(device.id) ? device.id : this.#idOf('device', device.person, device.id)
    const provider = providerOfDevice(device)
    const placed = await db.write({ userId }, async (tx) => {
      const put = await putDevice(tx, userId, deviceId, {
        ...device,
        intervalMinutes: device.intervalMinutes ?? defaultIntervalMinutes,
      })
      if (put.added && device.credentials) {
        const row = {
          user_id: userId,
          device_id: put.deviceId,
          device_type: device.type,
          manufacturer: device.manufacturer,
        }
        await saveCredentials(tx, { sealing, connect: { bringTokens, broughtWith } }, row, device.credentials)
      }
      return put
    })
    this.#devices.set(device.id, { userId, deviceId: placed.deviceId, provider })
    note(report, placed.added ? 'added' : 'known')
    return undefined
  }

  async #fill(table: string): Promise<void> {
    const report = this.#reportOf(table)
    const waiting = new Map<string, OldUpload['body'][]>()
    let values = 0
    const store = async () => {
      for (const [device, bodies] of waiting) await this.#upload(device, bodies, report)
      waiting.clear()
      values = 0
      this.#edges.onProgress(table, report.read)
    }
    for await (const row of this.#old.rows(table)) {
      report.read++
      const upload = readUpload(row)
      if (isUnusable(upload)) {
        note(report, upload)
        continue
      }
      const bodies = waiting.get(upload.device) ?? []
      waiting.set(upload.device, [...bodies, upload.body])
      values += upload.body.values.length
      if (values >= together) await store()
    }
    await store()
  }

  async #upload(device: string, bodies: readonly OldUpload['body'][], report: TableReport): Promise<void> {
    const place = this.#devices.get(device)
    if (!place) return note(report, { unusable: 'data of a device that was not moved' }, bodies.length)
    const { userId, deviceId } = place
    const sourceId = await this.#edges.db.write({ userId }, (tx) => sourceOf(tx, userId, deviceId))
    const readings = bodies.flatMap((body) => {
      const read = readBody({ ...body, ...unitOf(body) })
      if ('errors' in read) {
        const reason = resolveDataType(body.data_type)
          ? 'values of a form that is not known'
          : `data of type ${body.data_type.slice(0, 40)}, which is not in the catalogue`
        note(report, { unusable: reason }, body.values.length)
        return []
      }
      for (const { code } of read.rejected) note(report, { unusable: code })
      return read.readings
    })
    if (!readings.length) return
    const tally = await this.#edges.ingest({ userId, sourceId, readings })
    report.added += tally.accepted
    report.known += tally.duplicates + tally.changed + tally.suppressed
    for (const { code } of tally.rejected) note(report, { unusable: code })
  }

  async #run(run: Read<OldRun>): Promise<Outcome> {
    if (isUnusable(run)) return run
    const device = run.device === null ? undefined : this.#devices.get(run.device)
    const userId = device?.userId ?? (run.person === null ? null : await this.#account(run.person))
    if (!userId) return nobody
    const provider = run.provider ?? device?.provider ?? null
    const syncId = this.#idOf('run', run.person ?? '', run.id)
    return this.#edges.db.write({ userId }, async (tx) => {
      const connection = provider ? await findConnection(tx, userId, provider) : null
      const place = { userId, syncId, deviceId: device?.deviceId ?? null, connectionId: connection, provider }
      return (await putRun(tx, place, run)) ? 'added' : 'known'
    })
  }

  async #health(report: Read<OldReport>): Promise<Outcome> {
    if (isUnusable(report)) return report
    const device = this.#devices.get(report.device)
    if (!device) return { unusable: 'a health report of a device that was not moved' }
    const { userId, deviceId } = device
    const reportId = this.#idOf('report', report.device, report.id)
    return this.#edges.db.write({ userId }, async (tx) => {
      if (!(await putReport(tx, { userId, deviceId, reportId }, report))) return 'known'
      await applyReport(tx, userId, deviceId, shownOf(report))
      return 'added'
    })
  }

  /** RFC 9562 version 8: made of what it was called there. */
  #idOf(kind: string, person: string, id: string): string {
    const bytes = createHash('sha256')
      .update(JSON.stringify([this.#old.name, kind, person, id]))
      .digest()
      .subarray(0, 16)
    bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80
    bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  }
}

/** As the device's own route would have taken it; an empty list says that what was told before is over. */
function shownOf({ at, batteryLevel, signalStrength, temperature, errors, warnings }: OldReport): Report {
  const notes = (texts: readonly string[]) => texts.map((text) => ({ at: instantOf(at), text }))
  return {
    at,
    battery_level: batteryLevel,
    signal_strength: signalStrength,
    temperature,
    firmware_version: null,
    errors: notes(errors),
    warnings: notes(warnings),
  }
}

type Outcome = 'added' | 'known' | { unusable: string }

const nobody: Outcome = { unusable: 'its person has no account here' }

function note(report: TableReport, outcome: Outcome | undefined, n = 1): undefined {
  if (outcome === undefined) return undefined
  if (outcome === 'added') report.added += n
  else if (outcome === 'known') report.known += n
  else report.refused[outcome.unusable] = (report.refused[outcome.unusable] ?? 0) + n
  return undefined
}

/** Document 2 writes the unit at each value; of one upload it is the same. */
function unitOf({ values }: OldUpload['body']): { unit?: string } {
  const unit = (values as { unit?: unknown }[]).find((value) => typeof value.unit === 'string')?.unit
  return typeof unit === 'string' ? { unit } : {}
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
