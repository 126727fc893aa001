/** The GPX of a workout: its way, and the speed and elevation along it. */
import type { Stream, Track } from '@tributary/protocol'
import { GpxDocument } from '../gpx/document.ts'
import { formatLimits } from '../limits.ts'
import type { Losses } from '../losses.ts'
import { FormatError } from '../parsed-file.ts'
import { type ArchiveEntry, pieceValues } from '../piece.ts'
import { buildPointSession } from '../point-session.ts'
import { capped } from '../source-bytes.ts'
import type { TimeCheck } from '../times.ts'
import { type ScanHandler, XmlScanner } from '../xml/scan-xml.ts'
import type { ExportDocument } from './export-document.ts'
import type { Workout } from './workouts.ts'

interface Route {
  start: number
  points: number
  track: Track | undefined
  streams: Record<string, Stream>
  totals: Record<string, number>
  speed: Stream | undefined
  elevation: Stream | undefined
}

/** Figures of the way that a workout may lack. */
const fromWay = ['distance', 'moving_duration', 'elevation_gain', 'elevation_loss', 'speed_avg', 'speed_max'] as const

/** Undefined when no point of it can be used. */
export async function readRoute(entry: ArchiveEntry, check: TimeCheck, losses: Losses): Promise<Route | undefined> {
  const gpx = new GpxDocument(check, losses, pieceValues)
  const handler: ScanHandler = {
    open: (name, scan) => {
      const attributes = name === 'trkpt' || name === 'gpx' ? scan.record() : {}
      gpx.open(name, '', (attribute) => attributes[attribute])
    },
    close: (name, text) => gpx.close(name, '', text),
    sloppy: (code, detail) => losses.warn(code, `${entry.path.slice(-80)}: ${detail}`),
  }
  const scanner = new XmlScanner(handler, { text: true })
  try {
    for await (const chunk of capped(entry.chunks(), formatLimits.gpx.bytes)) {
      scanner.write(chunk)
      scanner.run()
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    losses.warn('route_broken', `${entry.path.slice(-80)}: ${error.detail}`)
  }
  if (!scanner.ended) losses.warn('route_broken', `${entry.path.slice(-80)} ends early`)
  const workouts = gpx.workouts()
  const [first, ...others] = workouts
  if (!first) return undefined
  for (const { log } of others) first.log.append(log)
  first.end = Math.max(...workouts.map(({ log }) => log.last))
  const session = buildPointSession(first)
  return {
    start: first.start,
    points: gpx.points,
    track: session.track,
    streams: session.streams ?? {},
    totals: session.totals,
    speed: first.log.samples.get('speed'),
    elevation: first.log.samples.get('elevation'),
  }
}

/** Puts a route into its workout. A second one (the watch starts a file anew after a long pause) is put behind the first. */
export function addRoute(
  document: ExportDocument,
  { session, sourceName, hasSpeed, place }: Workout,
  route: Route,
): void {
  const derived = new Set(session.derived ?? [])
  const isFirst = session.track === undefined
  for (const name of fromWay) {
    const value = route.totals[name]
    if (value === undefined || !Number.isFinite(value)) continue
    if (isFirst && session.totals[name] === undefined) {
      session.totals[name] = value
      derived.add(name)
    }
  }
  session.derived = [...derived]
  if (route.track) session.track = session.track ? joined(session.track, route.track) : route.track
  const streams = { ...session.streams }
  // One series has one value for each time, and the watch's own speed is the better one.
  const own = hasSpeed && route.speed ? { ...route.streams, speed: route.speed } : route.streams
  for (const [name, stream] of Object.entries(own)) {
    const before = streams[name]
    streams[name] = before ? { t: concat(before.t, stream.t), v: concat(before.v, stream.v) } : stream
  }
  if (Object.keys(streams).length) session.streams = streams
  const into = document.buffers.of(sourceName)
  for (const [metric, stream] of [
    ['speed', hasSpeed ? undefined : route.speed],
    ['elevation', route.elevation],
  ] as const)
    if (stream) document.addColumn(into, metric, stream.t, stream.v, 0, place, 'active')
}

function joined(a: Track, b: Track): Track {
  const missing = (track: Track) => track.ele ?? new Float64Array(track.t.length).fill(Number.NaN)
  return {
    t: concat(a.t, b.t),
    lat: concat(a.lat, b.lat),
    lon: concat(a.lon, b.lon),
    ...(a.ele || b.ele ? { ele: concat(missing(a), missing(b)) } : {}),
  }
}

function concat(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}
