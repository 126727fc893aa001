/** A `Workout` element to a session: old exports state totals in its attributes, those since iOS 16 in statistics beside legs. */
import {
  type ActivityType,
  catalogue,
  conversionFor,
  convert,
  type SessionPart,
  type SessionReading,
  type Totals,
  tableOf,
  type toCanonical,
} from '@tributary/protocol'
import { findClock } from '../zones.ts'
import { activityOf } from './activity-types.ts'
import { metadataOf } from './blood-pressure.ts'
import type { ExportDocument } from './export-document.ts'
import { momentOf, numberOf } from './read-values.ts'
import { measureOf, percentOf, recordTypes } from './record-types.ts'
import { childrenOf, type Node } from './tree.ts'

/** A workout that is read but for its routes. */
export interface Workout {
  session: SessionReading
  sourceName: string
  /** Paths as `FileReference` names them. */
  routes: string[]
  /** The watch's own records of speed are in the export: those of the route are beside them, not among them. */
  hasSpeed: boolean
  place: number
}

const mostMetadata = 100
const mostRoutes = 100

/** Totals in the attributes of old exports: the total, and the attribute with its unit. */
const oldTotals: readonly [
  attribute: string,
  total: string,
  metric: 'distance' | 'energy_active' | 'swim_strokes' | 'floors_climbed',
][] = [
  ['totalDistance', 'distance', 'distance'],
  ['totalEnergyBurned', 'energy_active', 'energy_active'],
  ['totalSwimmingStrokeCount', 'swim_strokes', 'swim_strokes'],
  ['totalFlightsClimbed', 'floors_climbed', 'floors_climbed'],
]

/** Metadata with a figure and its unit that is a total; `%` is a fraction here too. */
const metadataTotals: Readonly<Record<string, readonly [total: string, metric: Parameters<typeof toCanonical>[0]]>> =
  tableOf({
    ElevationAscended: ['elevation_gain', 'elevation'],
    ElevationDescended: ['elevation_loss', 'elevation'],
    AverageMETs: ['met_avg', 'met'],
    AverageSpeed: ['speed_avg', 'speed'],
    MaximumSpeed: ['speed_max', 'speed'],
    WeatherTemperature: ['ambient_temperature_avg', 'ambient_temperature'],
  })

const strokes = ['unknown', 'mixed', 'freestyle', 'backstroke', 'breaststroke', 'butterfly', 'kickboard']

const known = new Set([
  'MetadataEntry',
  'WorkoutEvent',
  'WorkoutStatistics',
  'WorkoutActivity',
  'WorkoutRoute',
  'FileReference',
])

export function readWorkout(node: Node, document: ExportDocument): void {
  const { attributes } = node
  const span = document.spanOf(node)
  if (!span) return
  const start = span.start.t
  const end = span.end.t
  const metadata = metadataOf(node)
  const type = attributes['workoutActivityType'] ?? ''
  const activity = activityOf(type, whereOf(metadata))
  const leave = (name: string) => document.losses.leaveUnused(name)
  const totals = totalsOf(node, metadata, end - start, leave)
  if (typeof totals === 'string') return void document.refuse(node, 'number_unreadable', `Workout: ${totals}`)
  const zone = metadata['TimeZone']
  const offset = zone === undefined ? undefined : findClock(zone)?.offsetAt(start)
  nameUnknown(node, leave)
  const legs = childrenOf(node, 'WorkoutActivity')
  const events = childrenOf(node, 'WorkoutEvent')
  // One leg is the workout itself, told again; its events stand in it alone in some exports.
  const only = legs.length === 1 ? (legs[0] as Node) : undefined
  addFromLegs(totals, legs)
  const parts = [
    ...partsOf(
      events.length || !only ? events : childrenOf(only, 'WorkoutEvent'),
      { start, end, activity, metadata },
      leave,
    ),
    ...(legs.length > 1 ? legs.flatMap((leg) => legOf(leg, leave)) : []),
  ].sort((a, b) => a.start - b.start || a.end - b.end)
  const source = attributes['sourceName'] ?? ''
  const buffer = document.buffers.of(source)
  document.noteDevice(buffer, attributes['device'] ?? '', start)
  const kept = Object.entries(metadata)
    .filter(([key]) => key !== 'TimeZone')
    .slice(0, mostMetadata)
  const session: SessionReading = {
    kind: 'session',
    type: 'workout',
    activity,
    ...(metadata['WorkoutBrandName'] ? { title: metadata['WorkoutBrandName'].slice(0, 200) } : {}),
    start,
    end,
    ...(offset === undefined ? {} : { offset }),
    externalId: `workout/${type.replace(/^HKWorkoutActivityType/, '').slice(0, 60)}/${start}/${end}`,
    totals: totals.totals,
    parts,
    ...(totals.derived.length ? { derived: totals.derived } : {}),
    extra: {
      healthkit_activity: type.slice(0, 100),
      ...(metadata['WasUserEntered'] === '1' ? { method: 'manual' } : {}),
      ...(kept.length
        ? { metadata: Object.fromEntries(kept.map(([key, value]) => [key.slice(0, 60), value.slice(0, 300)])) }
        : {}),
    },
  }
  const routes = childrenOf(node, 'WorkoutRoute').flatMap((route) =>
    childrenOf(route, 'FileReference').map((reference) => reference.attributes['path'] ?? ''),
  )
  document.workouts.push({
    session,
    sourceName: source,
    hasSpeed: [node, ...legs].some((one) => childrenOf(one, 'WorkoutStatistics').some(isOfSpeed)),
    routes: routes.filter(Boolean).slice(0, mostRoutes),
    place: document.records - 1,
  })
}

/** Places of routes stood in the XML itself once (`Location`), and there may be more to come. */
function nameUnknown(node: Node, leave: (name: string) => void): void {
  for (const child of node.children) {
    if (!known.has(child.name)) leave(`Workout element ${child.name.slice(0, 60)}`)
    nameUnknown(child, leave)
  }
}

function isOfSpeed({ attributes }: Node): boolean {
  return recordTypes.get(attributes['type'] ?? '')?.metric === 'speed'
}

function whereOf(metadata: Record<string, string>): 'indoor' | 'pool' | 'open' | undefined {
  if (metadata['SwimmingLocationType'] === '1') return 'pool'
  if (metadata['SwimmingLocationType'] === '2') return 'open'
  return metadata['IndoorWorkout'] === '1' ? 'indoor' : undefined
}

/** What cannot be read, in words, or the totals and the names of those worked out. */
function totalsOf(
  node: Node,
  metadata: Record<string, string>,
  length: number,
  leave: (name: string) => void,
): string | { totals: Totals; derived: string[] } {
  const { attributes } = node
  const totals: Totals = { duration: length / 1000 }
  const derived = ['duration']
  if (attributes['duration'] !== undefined) {
    const active = figure('active_duration', attributes['duration'], attributes['durationUnit'] ?? 'min')
    if (active === undefined) return 'duration or its unit cannot be read'
    totals['active_duration'] = active
  }
  for (const [attribute, total, metric] of oldTotals) {
    const text = attributes[attribute]
    if (text === undefined) continue
    const value = figure(metric, text, attributes[`${attribute}Unit`] ?? catalogue[metric].unit)
    if (value === undefined) return `${attribute} or its unit cannot be read`
    // Zero stands for "not measured" in a yoga's distance.
    if (value > 0) totals[total] = value
  }
  for (const [key, [total, metric]] of Object.entries(metadataTotals)) {
    const [, number, unit] = /^(-?[\d.,]+) (\S+)$/.exec(metadata[key] ?? '') ?? []
    const value = number === undefined ? undefined : figure(metric, number, unit ?? '')
    if (value !== undefined) totals[total] = value
  }
  const stated = statisticsOf(node, leave)
  if (typeof stated === 'string') return stated
  // The same energy and distance stand in attributes and statistics of some exports: one of them counts.
  Object.assign(totals, stated.totals)
  if (stated.basal !== undefined && totals['energy_active'] !== undefined) {
    totals['energy_total'] = totals['energy_active'] + stated.basal
    derived.push('energy_total')
  }
  return { totals, derived }
}

function figure(metric: Parameters<typeof toCanonical>[0], text: string, written: string): number | undefined {
  const bytes = Buffer.from(text.slice(0, 100))
  const number = numberOf(bytes, 0, bytes.length)
  const measure = metric === 'active_duration' ? measured(metric, written) : measureOf(metric, written)
  if (Number.isNaN(number) || !measure) return undefined
  return Number((measure.percent ? percentOf(number) : convert(measure.conversion, number)).toPrecision(12))
}

function measured(metric: 'active_duration', unit: string) {
  const conversion = conversionFor(metric, unit)
  return conversion && { conversion, percent: false }
}

/** By the catalogue: an amount is its sum, a gauge has average, lowest and highest. Distances of all ways to move are one distance. */
function statisticsOf(
  node: Node,
  leave: (name: string) => void,
): string | { totals: Totals; basal: number | undefined } {
  const totals: Totals = {}
  let basal: number | undefined
  for (const { attributes } of childrenOf(node, 'WorkoutStatistics')) {
    const type = recordTypes.get(attributes['type'] ?? '')
    if (type?.use !== 'series') {
      leave(`WorkoutStatistics ${(attributes['type'] ?? '').slice(0, 100)}`)
      continue
    }
    const { metric } = type
    for (const [part, suffix] of [
      ['sum', ''],
      ['average', '_avg'],
      ['minimum', '_min'],
      ['maximum', '_max'],
    ] as const) {
      const text = attributes[part]
      if (text === undefined) continue
      const value = figure(metric, text, attributes['unit'] ?? '')
      if (value === undefined) return `WorkoutStatistics: ${part} of ${metric} or its unit cannot be read`
      if (metric === 'energy_basal') basal = value
      else if (/^distance(_|$)/.test(metric)) totals['distance'] = (totals['distance'] ?? 0) + value
      else totals[metric + suffix] = value
    }
  }
  return { totals, basal }
}

/** What stands in the legs alone: of a single one everything, of several the way that they add up to. */
function addFromLegs({ totals, derived }: { totals: Totals; derived: string[] }, legs: readonly Node[]): void {
  const stated = legs.map((leg) => statisticsOf(leg, () => {})).filter((leg) => typeof leg !== 'string')
  if (legs.length === 1)
    for (const leg of stated) for (const [name, value] of Object.entries(leg.totals)) totals[name] ??= value
  const distances = stated.flatMap((leg) => leg.totals['distance'] ?? [])
  if (totals['distance'] !== undefined || !distances.length) return
  totals['distance'] = distances.reduce((sum, distance) => sum + distance, 0)
  derived.push('distance')
}

interface Around {
  start: number
  end: number
  activity: ActivityType
  metadata: Record<string, string>
}

const eventTypes = new Set(['Pause', 'Resume', 'MotionPaused', 'MotionResumed', 'Lap', 'Segment', 'Marker'])

/** Pauses run from event to event; laps and segments have a length or, in old exports, end where the next begins. */
function partsOf(events: readonly Node[], around: Around, leave: (name: string) => void): SessionPart[] {
  const parts: SessionPart[] = []
  const read = events.flatMap((event) => {
    const at = momentOf(event.attributes['date'] ?? '')?.t
    const type = (event.attributes['type'] ?? '').replace(/^HKWorkoutEventType/, '')
    if (at === undefined || !eventTypes.has(type)) {
      leave(at === undefined ? 'WorkoutEvent whose date cannot be read' : `WorkoutEvent ${type.slice(0, 60)}`)
      return []
    }
    const { duration, durationUnit = 'min' } = event.attributes
    const seconds = duration === undefined ? 0 : (figure('active_duration', duration, durationUnit) ?? 0)
    return [
      {
        type,
        at,
        end: at + Math.round(seconds * 1000),
        event,
      },
    ]
  })
  read.sort((a, b) => a.at - b.at)
  for (const [kind, pause, resume] of [
    ['', 'Pause', 'Resume'],
    ['motion', 'MotionPaused', 'MotionResumed'],
  ] as const) {
    let since: number | undefined
    for (const { type, at } of read) {
      if (type === pause) since ??= at
      else if (type === resume && since !== undefined) {
        if (at > since) parts.push({ kind: 'pause', start: since, end: at, ...(kind ? { label: kind } : {}) })
        since = undefined
      }
    }
    if (since !== undefined && around.end > since)
      parts.push({ kind: 'pause', start: since, end: around.end, ...(kind ? { label: kind } : {}) })
  }
  let lapSince = around.start
  for (const { type, at, end, event } of read) {
    if (type === 'Marker') parts.push({ kind: 'marker', start: at, end: at })
    else if (type === 'Segment') parts.push({ kind: 'segment', start: at, end: Math.max(at, end) })
    else if (type === 'Lap') {
      const [from, to] = end > at ? [at, end] : [Math.min(lapSince, at), at]
      parts.push(lapOf(event, from, to, around))
      lapSince = to
    }
  }
  return parts
}

/** What a watch calls a lap in a pool is one length of it. */
function lapOf(event: Node, start: number, end: number, { activity, metadata }: Around): SessionPart {
  if (activity !== 'swimming_pool') return { kind: 'lap', start, end }
  const stroke = strokes[Number(metadataOf(event)['SwimmingStrokeStyle'] ?? Number.NaN)]
  const [, number, unit] = /^([\d.,]+) (\S+)$/.exec(metadata['LapLength'] ?? '') ?? []
  const metres = number === undefined ? undefined : figure('distance', number, unit ?? '')
  return {
    kind: 'length',
    start,
    end,
    ...(stroke ? { label: stroke } : {}),
    ...(metres ? { totals: { distance: metres } } : {}),
  }
}

/** A leg of a triathlon, or what lies between two. */
function legOf(leg: Node, leave: (name: string) => void): SessionPart[] {
  const start = momentOf(leg.attributes['startDate'] ?? '')?.t
  const end = momentOf(leg.attributes['endDate'] ?? '')?.t
  if (start === undefined || end === undefined || end < start) {
    leave('WorkoutActivity whose time cannot be read')
    return []
  }
  const metadata = metadataOf(leg)
  const totals = totalsOf(leg, metadata, end - start, leave)
  const activity = activityOf(leg.attributes['workoutActivityType'] ?? '', whereOf(metadata))
  return [
    { kind: 'segment', start, end, label: activity, ...(typeof totals === 'string' ? {} : { totals: totals.totals }) },
  ]
}
