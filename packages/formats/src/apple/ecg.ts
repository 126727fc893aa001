/** An ECG of the watch: some lines of head, then one voltage a line. */
import { type SessionReading, tableOf } from '@tributary/protocol'
import { Floats } from '../columns.ts'
import { FormatError } from '../parsed-file.ts'
import type { ArchiveEntry } from '../piece.ts'
import { readDecimal } from '../xml/values.ts'
import { momentOf } from './read-values.ts'

export interface Ecg {
  session: SessionReading
  device: string | undefined
  software: string | undefined
}

/** An ECG takes half a minute, which is 15,360 values in some 150 kB. */
const mostBytes = 5_000_000
const mostValues = 100_000
/** Labels are in the language of the phone: what stands where is what can be relied on. */
const classificationLine = 3
const symptomsLine = 4
const softwareLine = 5
const perMicrovolt: Readonly<Record<string, number>> = tableOf({ µV: 1, uV: 1, mV: 1000, V: 1_000_000 })

/** The ECG, or why it is none. */
export async function readEcg(
  entry: ArchiveEntry,
  check: (t: number) => { code: string; detail: string } | undefined,
): Promise<Ecg | { code: string; detail: string }> {
  let text: string | undefined
  try {
    text = await textOf(entry)
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    return { code: error.code, detail: error.detail }
  }
  if (text === undefined) return { code: 'too_large', detail: `${entry.path.slice(-80)}: larger than any ECG` }
  return parseEcg(text, check)
}

function parseEcg(
  text: string,
  check: (t: number) => { code: string; detail: string } | undefined,
): Ecg | { code: string; detail: string } {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  const firstValue = lines.findIndex((line, i) => i > 3 && !Number.isNaN(voltageOf(line)))
  const head = lines.slice(0, firstValue < 0 ? Math.min(lines.length, 20) : firstValue).map(fieldsOf)
  const refuse = (code: string, detail: string) => ({ code, detail })
  const values = head.map((fields) => fields[1] ?? '')
  const recorded = values.map((value) => momentOf(value)).find((moment) => moment !== undefined)
  const rate = values
    .map((value) => Number(/^(\d+(?:[.,]\d+)?)\s*\D*(?:hertz|hz)/i.exec(value)?.[1]?.replace(',', '.')))
    .find((value) => value > 0)
  if (!recorded) return refuse('time_unreadable', 'the ECG does not say when it was recorded')
  if (rate === undefined || rate > 10_000) return refuse('number_unreadable', 'the ECG does not say its sample rate')
  if (firstValue < 0) return refuse('empty', 'the ECG has no voltages')
  const unit = values.find((value) => Object.hasOwn(perMicrovolt, value.normalize('NFC').replace('μ', 'µ').trim()))
  const scale = unit === undefined ? 1 : (perMicrovolt[unit.normalize('NFC').replace('μ', 'µ').trim()] as number)
  const v = new Floats()
  let unreadable = 0
  for (let i = firstValue; i < lines.length && v.length < mostValues; i++) {
    const line = lines[i] as string
    if (!line.trim()) continue
    const value = voltageOf(line)
    if (Number.isNaN(value)) unreadable++
    v.push(value * scale) // a gap keeps its place in time
  }
  const fault = check(recorded.t)
  if (fault) return refuse(fault.code, `the ECG: ${fault.detail}`)
  const start = recorded.t
  const n = v.length
  const kept = Uint32Array.from(v.view, (_, i) => i).filter((i) => !Number.isNaN(v.view[i]))
  const device = values.find((value) => /^[A-Za-z]+\d+,\d+$/.test(value.trim()))?.trim()
  const symptoms = values[symptomsLine]?.trim().slice(0, 500)
  const lead = head.findLast((fields) => /^lead$/i.test(fields[0] ?? ''))?.[1]
  const seconds = n / rate
  return {
    device,
    software: values[softwareLine]?.trim().slice(0, 40) || undefined,
    session: {
      kind: 'session',
      type: 'ecg',
      start,
      end: start + Math.round(seconds * 1000),
      externalId: `ecg/${start}`,
      totals: { duration: seconds },
      parts: [],
      derived: ['duration'],
      streams: {
        ecg_voltage: {
          t: Float64Array.from(kept, (i) => start + (i * 1000) / rate),
          v: Float64Array.from(kept, (i) => v.view[i] as number),
        },
      },
      extra: {
        sample_rate: rate,
        ...(values[classificationLine] ? { classification: values[classificationLine].slice(0, 200) } : {}),
        ...(symptoms ? { symptoms } : {}),
        ...(lead ? { lead: lead.slice(0, 40) } : {}),
        ...(unreadable ? { unreadable_values: unreadable } : {}),
      },
    },
  }
}

/** `-25,239` where the phone's language has decimal commas; quotes are sometimes put around it for that. */
function voltageOf(line: string): number {
  return readDecimal(
    line
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .replace('\u2212', '-'),
  )
}

/** `Label,"Value, with a comma"`; some languages part by semicolons. */
function fieldsOf(line: string): string[] {
  const match = /^\s*("(?:[^"]|"")*"|[^,;]*)\s*[,;]\s*(.*)$/.exec(line.slice(0, 1000))
  return match ? [unquoted(match[1] as string), unquoted((match[2] as string).trim())] : [line.trim().slice(0, 100)]
}

function unquoted(field: string): string {
  return /^".*"$/.test(field) ? field.slice(1, -1).replaceAll('""', '"') : field
}

async function textOf(entry: ArchiveEntry): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of entry.chunks()) {
    size += chunk.length
    if (size > mostBytes) return undefined
    chunks.push(chunk)
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}
