import type { SeriesReading } from '@tributary/protocol'
import { isOnFoot } from '@tributary/protocol/activities'
import { firstAtOrAfter, SampleColumns } from '../columns.ts'
import { Losses } from '../losses.ts'
import { FormatError, type Limits, type ParsedFile } from '../parsed-file.ts'
import { type TimeCheck, timeCheck } from '../times.ts'
import { newBudget } from './budget.ts'
import { FitDecoder } from './decoder.ts'
import { type Leg, legsOf, offsetOf } from './legs.ts'
import { type FitPart, FitParts } from './part.ts'
import { activityFileTypes, fileTypeName } from './profile.ts'
import { type Records, resolveRecords, toStream } from './records.ts'
import { buildSessions } from './sessions.ts'
import { sourceOf } from './source.ts'

/** A FIT activity: one file, one or more parts one after another, each with one or more sessions. */
export async function readFit(chunks: AsyncIterable<Uint8Array>, limits: Limits, now: number): Promise<ParsedFile> {
  const losses = new Losses()
  const parts = new FitParts(losses, newBudget(limits.records))
  const decoder = new FitDecoder(parts, losses)
  for await (const chunk of chunks) decoder.push(chunk)
  decoder.end()
  return understand(parts.all, timeCheck(now), losses)
}

function understand(parts: FitPart[], time: TimeCheck, losses: Losses): ParsedFile {
  const activities = parts.filter(isActivity)
  const other = parts.find((part) => !isActivity(part))
  if (!activities.length) throw refusal(other)
  if (other) losses.warn('part_skipped', `a part of the file is not an activity but holds ${typeName(other)}`)
  const series = new SeriesCollector()
  const sessions = activities.flatMap((part) => {
    const records = resolveRecords(part.records, part.descriptions, time, losses)
    const legs = legsOf(part, records, time, losses)
    series.add(part, legs, records, time)
    for (const { name, count } of part.records.unused) if (count) losses.leaveUnused(name, count)
    return buildSessions(part, legs, records)
  })
  if (!sessions.length) throw new FormatError('empty', emptyReason(losses))
  return {
    format: 'fit',
    sessions,
    readings: series.readings,
    source: sourceOf(activities[0] as FitPart),
    records: activities.reduce((sum, part) => sum + part.records.length, 0),
    rejected: losses.rejected,
    rejectedByCode: losses.rejectedByCode,
    warnings: losses.warnings,
    unused: losses.unused,
  }
}

/** A part without a file_id, as a cut copy may be, is one when it has records. */
function isActivity(part: FitPart): boolean {
  const type = part.fileId?.number(0)
  if (type === undefined) return part.records.length > 0 || part.sessions.length > 0
  return activityFileTypes.includes(type)
}

function typeName(part: FitPart): string {
  const type = part.fileId?.number(0)
  return type === undefined ? 'nothing readable' : fileTypeName(type)
}

function refusal(part: FitPart | undefined): FormatError {
  if (!part) return new FormatError('not_fit', 'the file does not begin with a FIT header')
  if (part.fileId?.number(0) === undefined) return new FormatError('empty', 'no record and no session could be read')
  return new FormatError('not_an_activity', `this FIT file holds ${typeName(part)}, not a recorded activity`)
}

function emptyReason(losses: Losses): string {
  const first = losses.rejected[0]
  return first ? `no session is left: ${first.detail}` : 'the activity has no records and no session'
}

/** Metrics of all parts, each in one column; cadence doubled where the session was on foot. */
class SeriesCollector {
  readonly #samples = new SampleColumns()
  #offset: number | undefined

  add(part: FitPart, legs: Leg[], records: Records, time: TimeCheck): void {
    this.#offset ??= offsetOf(part)
    for (const [name, values] of records.columns) {
      if (name.startsWith('/')) continue
      const stream = toStream(records.t, values)
      if (name === 'cadence') this.#addCadence(stream.t, stream.v, legs)
      else
        for (let i = 0; i < stream.t.length; i++) this.#samples.push(name, stream.t[i] as number, stream.v[i] as number)
    }
    this.#addBeats(
      part,
      records.columns.get('heart_rate')
        ? toStream(records.t, records.columns.get('heart_rate') as Float64Array).t
        : undefined,
      time,
    )
  }

  get readings(): SeriesReading[] {
    const offset = this.#offset === undefined ? {} : { offset: this.#offset }
    return this.#samples.names.flatMap((metric) => {
      const stream = this.#samples.get(metric)
      return stream ? [{ kind: 'series', metric, ...stream, ...offset, method: 'active' }] : []
    })
  }

  #addCadence(t: Float64Array, v: Float64Array, legs: Leg[]): void {
    let leg = 0
    for (let i = 0; i < t.length; i++) {
      const at = t[i] as number
      while (leg + 1 < legs.length && at >= (legs[leg + 1] as Leg).from) leg++
      const onFoot = legs[leg] !== undefined && isOnFoot((legs[leg] as Leg).activity)
      this.#samples.push(onFoot ? 'cadence_steps' : 'cadence', at, (v[i] as number) * (onFoot ? 2 : 1))
    }
  }

  /** A strap's stored heart rates fill the seconds for which the records have none. */
  #addBeats(part: FitPart, recorded: Float64Array | undefined, time: TimeCheck): void {
    for (const metric of part.beats.samples.names) {
      const stream = part.beats.samples.get(metric)
      if (!stream) continue
      for (let i = 0; i < stream.t.length; i++) {
        const at = stream.t[i] as number
        if (time(at) || (metric === 'heart_rate' && recorded && hasWithin(recorded, at - 500, at + 500))) continue
        this.#samples.push(metric, at, stream.v[i] as number)
      }
    }
  }
}

function hasWithin(t: Float64Array, from: number, to: number): boolean {
  const next = t[firstAtOrAfter(t, from)]
  return next !== undefined && next < to
}
