/** Values with parts, and things that happen: blood pressures, positions, sleep stages, events. */
import {
  type CompoundName,
  type EventReading,
  isCompound,
  type Measured,
  type MetricId,
  stageFromWord,
} from '@tributary/protocol'
import { noOffset } from '../platform/samples/points.ts'
import { instantMs, instantOffset, parseInstant } from './parse-instant.ts'
import { reject, timeMissing } from './read-samples.ts'
import type { BatchTime, ReadValues } from './read-values.ts'
import type { FormFault } from './upload.ts'
import { formFaultOf, type RawValue } from './value-form.ts'

const timed = ['timestamp', 'quality']
const belonging: Readonly<Record<CompoundName | 'event', ReadonlySet<string>>> = {
  event: new Set([...timed, 'end', 'value', 'unit']),
  blood_pressure: new Set([...timed, 'end', 'unit', 'systolic', 'diastolic', 'mean']),
  gps: new Set([...timed, 'lat', 'lon', 'ele']),
  sleep: new Set([...timed, 'stage', 'start', 'end']),
}

/** A reading, or what keeps the value from being one. */
type Read = Measured | FormFault

export function readParts(
  values: readonly RawValue[],
  type: MetricId | CompoundName,
  unit: string | undefined,
  time: BatchTime | null,
  read: ReadValues,
): void {
  const belongs = belonging[isCompound(type) ? type : 'event']
  const positions: [place: number, value: RawValue, ms: number][] = []
  for (const [place, value] of values.entries()) {
    const fault = formFaultOf(value, belongs)
    const at = fault ? null : timeOf(value.timestamp ?? value.start, time)
    if (fault || !at) reject(read.rejected, place, fault ?? timeMissing)
    else if (type === 'gps') positions.push([place, value, at.ms])
    else {
      const made = type === 'sleep' ? stageOf(value, at, place) : eventOf(value, type, at, unit, place)
      if ('kind' in made) read.readings.push(made)
      else reject(read.rejected, place, made)
    }
  }
  if (positions.length) readPositions(positions, read)
}

function timeOf(written: unknown, time: BatchTime | null): BatchTime | null {
  return parseInstant(written) ? { ms: instantMs, offset: instantOffset } : time
}

function eventOf(value: RawValue, metric: string, at: BatchTime, unit: string | undefined, place: number): Measured {
  const { systolic, diastolic, mean, quality, end } = value
  const own: Record<string, unknown> =
    metric === 'blood_pressure' ? { systolic, diastolic, mean } : { value: value.value }
  const said = Object.entries(own).filter(([, part]) => part !== undefined) as [string, number | string][]
  const event: EventReading = { kind: 'event', metric, start: at.ms, value: Object.fromEntries(said), place }
  const spoken = (value.unit as string | undefined) ?? unit
  if (spoken !== undefined) event.unit = spoken
  if (quality !== undefined) event.quality = quality as number | string
  if (at.offset !== noOffset) event.offset = at.offset
  if (end !== undefined && parseInstant(end)) event.end = instantMs
  return event
}

/** `start` and `timestamp` are two names of the same. */
function stageOf({ stage, quality, end }: RawValue, at: BatchTime, place: number): Read {
  const name = typeof stage === 'string' ? stageFromWord(stage) : undefined
  if (!name)
    return stage === undefined
      ? ['part_missing', 'A sleep stage needs stage']
      : ['stage_unknown', 'stage is not one we know']
  if (!parseInstant(end)) return ['part_missing', 'A sleep stage needs end']
  return {
    kind: 'stage',
    stage: name,
    start: at.ms,
    end: instantMs,
    place,
    ...(quality === undefined ? {} : { quality: quality as number | string }),
    ...(at.offset === noOffset ? {} : { offset: at.offset }),
  }
}

/** Positions lie closer together than anything else, so they travel in columns. Their quality has no place in a way. */
function readPositions(positions: readonly [place: number, value: RawValue, ms: number][], read: ReadValues): void {
  const sound = positions.filter(([place, { lat, lon }]) => {
    const whole = typeof lat === 'number' && typeof lon === 'number'
    if (!whole) reject(read.rejected, place, ['part_missing', 'A position needs lat and lon'])
    return whole
  })
  if (!sound.length) return
  const column = (of: (value: RawValue) => unknown) =>
    Float64Array.from(sound, ([, value]) => (of(value) as number | undefined) ?? Number.NaN)
  read.readings.push({
    kind: 'positions',
    track: {
      t: Float64Array.from(sound, ([, , ms]) => ms),
      lat: column(({ lat }) => lat),
      lon: column(({ lon }) => lon),
      ele: column(({ ele }) => ele),
    },
    places: Uint32Array.from(sound, ([place]) => place),
  })
}
