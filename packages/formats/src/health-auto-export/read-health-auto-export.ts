import { isRecord } from '../json/records.ts'
import { findJson } from '../json/stream-json.ts'
import { FormatError } from '../parsed-file.ts'
import type { FileInput, FileReader, Piece, PieceSource, Pieces, ReadOptions } from '../piece.ts'
import { asOnePiece } from '../piece-builder.ts'
import { Context, type Members, textIn, Unfit } from './context.ts'
import { metricNamed, unitFor } from './metrics.ts'
import { Points, readMood, readPressure } from './points.ts'
import { Sleep } from './sleep.ts'
import { readWorkout } from './workouts.ts'

const format = 'health_auto_export'
const longestRaw = 8000

/** What the app sends and saves: metrics with their points, workouts, and lists of other things. */
export const healthAutoExport: FileReader = {
  format,
  title: 'Health Auto Export',
  recognises(head) {
    const text = new TextDecoder().decode(head.subarray(0, 4096))
    return /^\s*\{\s*"data"\s*:\s*\{\s*("(metrics|workouts|stateOfMind|medications|symptoms|cycleTracking|ecg|heartRateNotifications)"\s*:\s*\[|\}\s*\})/.test(
      text,
    )
  },
  read,
  replay,
}

/** What a metric says of all its points. */
interface Header {
  name: string
  units: string | undefined
}

const mostMetrics = 2000

/** Why whole records are unused; of those that are used, members may be. */
const notRead = 'is not read'

/**
 * Read twice: the app writes the members of a metric in any order, so that its points may come before its name. The first time
 * nothing but names and units is looked at.
 */
async function* read(input: FileInput): Pieces {
  const headers = await headersOf(input)
  const context = new Context(input)
  const records = new Records(context)
  const patterns = ['data.metrics.*.data.*', 'data.workouts.*', 'data.stateOfMind.*', 'data.*.*']
  const broke = (detail: string, code: string) => context.losses.warn(code, detail)
  for await (const found of findJson(input.chunks(), patterns, { broke })) {
    const { pieces } = context
    pieces.bytes = found.bytes
    const list = String(found.path[1])
    const header = list === 'metrics' ? headers[Number(found.path[2])] : undefined
    if (list === 'metrics' && found.pattern === 'data.*.*') continue
    const place = pieces.records++
    const record = { list, header: header ?? { name: '', units: undefined }, value: found.value, text: found.text }
    if (found.broken !== undefined) records.refuse(record, place, 'json_broken', found.broken)
    else records.read(record, place)
    yield* pieces.ready()
  }
  records.end()
  yield* context.pieces.rest()
  const { losses } = context
  if (!context.pieces.records && losses.warnings.length) {
    throw new FormatError(losses.warnings[0]?.code ?? 'json_broken', losses.warnings[0]?.detail ?? '')
  }
  return context.pieces.ending(format)
}

async function headersOf(input: FileInput): Promise<Header[]> {
  const headers: Header[] = []
  for await (const { path, value } of findJson(input.chunks(), ['data.metrics.*.name', 'data.metrics.*.units'], {
    broke: () => undefined,
  })) {
    const index = Number(path[2])
    if (index >= mostMetrics) throw new FormatError('too_many_records', `the file has more than ${mostMetrics} metrics`)
    const header = headers[index] ?? { name: '', units: undefined }
    headers[index] = path[3] === 'name' ? { ...header, name: textIn(value) ?? '' } : { ...header, units: textIn(value) }
  }
  return headers
}

interface JsonRecord {
  list: string
  header: Header
  value: unknown
  text: string
}

/** Sends each record to whoever reads its kind, and keeps those that could not be used. */
class Records {
  readonly #context: Context
  readonly #sleep: Sleep
  readonly #points = new Map<Header, Points | null>()

  constructor(context: Context) {
    this.#context = context
    this.#sleep = new Sleep(context)
  }

  read(record: JsonRecord, place: number): void {
    try {
      if (!isRecord(record.value)) throw new Unfit('value_unreadable', 'a record is no object')
      this.#dispatch(record, record.value, place)
    } catch (error) {
      if (!(error instanceof Unfit)) throw error
      this.refuse(record, place, error.code, error.message)
    }
  }

  refuse(record: JsonRecord, index: number, code: string, detail: string): void {
    const source = sourceOf(this.#context, record.value)
    this.#context.losses.reject(index, code, detail)
    this.#context.pieces.unusable(source, { index, code, detail, raw: rawOf(record) })
  }

  end(): void {
    for (const points of this.#points.values()) points?.end()
    this.#sleep.end()
  }

  #dispatch({ list, header }: JsonRecord, value: Members, place: number): void {
    if (list === 'workouts') readWorkout(this.#context, value, place)
    else if (list === 'stateOfMind') readMood(this.#context, value, place)
    else if (list !== 'metrics') this.#context.losses.leaveUnused(list, 1, notRead)
    else if (header.name === 'sleep_analysis') this.#sleep.add(value, header.units)
    else if (header.name === 'blood_pressure') readPressure(this.#context, header.units, value, place)
    else {
      const points = this.#pointsOf(header)
      if (points) points.add(value, place)
      else
        this.#context.losses.leaveUnused(
          metricNamed(header.name) ? `${header.name} in ${header.units}` : header.name || 'a metric without a name',
          1,
          notRead,
        )
    }
  }

  /** Undefined, and named, when the metric is not one of ours or its unit not one of the metric's. */
  #pointsOf(header: Header): Points | undefined {
    const known = this.#points.get(header)
    if (known !== undefined) return known ?? undefined
    const { name, units } = header
    const metric = metricNamed(name)
    const points = metric && unitFor(metric, units) ? new Points(this.#context, name, metric, units) : null
    this.#points.set(header, points)
    if (metric && !points) this.#context.losses.warn('unit_unknown', `${name} is never measured in ${units}`)
    return points ?? undefined
  }
}

function sourceOf(context: Context, value: unknown): PieceSource {
  return context.source(isRecord(value) ? value['source'] : undefined)
}

/** Whole enough to be read again: with its metric's name and units; of a workout its long lists are left out when they must be. */
function rawOf({ list, header, value, text }: JsonRecord): string {
  const wrap = (inner: string) => JSON.stringify({ list, ...header }).replace(/\}$/, `,"record":${inner}}`)
  const whole = wrap(text)
  if (whole.length <= longestRaw) return whole
  if (!isRecord(value)) return whole.slice(0, longestRaw)
  const short = Object.fromEntries(Object.entries(value).filter(([, one]) => !Array.isArray(one)))
  return wrap(JSON.stringify(short)).slice(0, longestRaw)
}

/** A refused record, tried again. */
function replay(raw: string, options: ReadOptions): Piece {
  const context = new Context(options)
  const { list, name, units, record } = unwrap(raw)
  const records = new Records(context)
  const header: Header = { name: textIn(name) ?? '', units: textIn(units) }
  records.read({ list: String(list), header, value: record, text: JSON.stringify(record) }, 0)
  records.end()
  return (
    asOnePiece([...context.pieces.rest()]) ?? {
      source: context.source(undefined),
      readings: [],
      sessions: [],
      unusable: [],
      progress: { bytes: 0, records: 1 },
    }
  )
}

function unwrap(raw: string): Members {
  try {
    const parsed: unknown = JSON.parse(raw)
    if (isRecord(parsed) && typeof parsed['list'] === 'string') return parsed
  } catch (error) {
    throw broken(error)
  }
  throw broken(undefined)
}

function broken(cause: unknown): FormatError {
  return new FormatError('raw_broken', 'the record is not whole', cause)
}
