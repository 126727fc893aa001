import { type ActivityType, activityFromName } from '@tributary/protocol/activities'
import type { Losses } from '../losses.ts'
import { FormatError } from '../parsed-file.ts'
import { type Point, PointLog } from '../point-log.ts'
import type { PointSession } from '../point-session.ts'
import type { TimeCheck } from '../times.ts'
import type { XmlHandler } from '../xml/read-xml.ts'
import { readDecimal } from '../xml/values.ts'
import { otherFields, pointFields, pointNamespaces } from './point-fields.ts'

interface GpxTrack {
  log: PointLog
  name?: string
  type?: string
}

const mostTracks = 10_000
/** Two tracks with less between them are one workout that the recorder cut. */
const sameWorkoutMs = 5 * 60_000

/** Follows a GPX document: where we are, the track and the point at hand. */
export class GpxDocument implements XmlHandler {
  creator: string | undefined
  points = 0
  readonly #tracks: GpxTrack[] = []
  readonly #path: string[] = []
  readonly #check: TimeCheck
  readonly #losses: Losses
  readonly #mostPoints: number
  #point: Point | undefined

  constructor(check: TimeCheck, losses: Losses, mostPoints: number) {
    this.#check = check
    this.#losses = losses
    this.#mostPoints = mostPoints
  }

  get untimed(): number {
    return this.#tracks.reduce((sum, track) => sum + track.log.untimed, 0)
  }

  open(name: string, _uri: string, attribute: (name: string) => string | undefined): void {
    const parent = this.#path.at(-1)
    this.#path.push(name)
    if (name === 'gpx') this.creator = attribute('creator')?.trim().slice(0, 200) || undefined
    else if (name === 'trk') this.#openTrack()
    else if (name === 'trkseg') this.#tracks.at(-1)?.log.breakSegment()
    else if (name === 'trkpt' && parent === 'trkseg') this.#begin(attribute('lat'), attribute('lon'))
    else if (name === 'wpt' || name === 'rte') this.#losses.leaveUnused(name === 'wpt' ? 'waypoint' : 'route')
  }

  close(name: string, uri: string, text: string): void {
    this.#path.pop()
    const parent = this.#path.at(-1)
    const track = this.#tracks.at(-1)
    if (name === 'trkpt' && this.#point) {
      track?.log.add(this.points++, this.#point)
      this.#point = undefined
    } else if (this.#point) this.#readField(this.#point, name, uri, text)
    else if (text) this.#readWord(name, text, parent ?? '', track)
  }

  /** Waypoints and routes are named as wholes. */
  #readWord(name: string, text: string, parent: string, track: GpxTrack | undefined): void {
    if (parent === 'trk' && track && name === 'name') track.name = text.slice(0, 200)
    else if (parent === 'trk' && track && name === 'type') track.type = text.slice(0, 100)
    else if (!this.#path.includes('wpt') && !this.#path.includes('rte'))
      this.#losses.leaveUnused(`${parent} ${name}`, 1, 'of the file or the track, not of what was measured')
  }

  #openTrack(): void {
    if (this.#tracks.length >= mostTracks) throw new FormatError('too_many_records', `more than ${mostTracks} tracks`)
    this.#tracks.push({ log: new PointLog(this.#check, this.#losses) })
  }

  #begin(lat: string | undefined, lon: string | undefined): void {
    if (this.points >= this.#mostPoints)
      throw new FormatError('too_many_records', `more than ${this.#mostPoints} points`)
    this.#point = {
      time: undefined,
      lat: this.#number(lat ?? ''),
      lon: this.#number(lon ?? ''),
      ele: Number.NaN,
      accuracy: 0,
      values: new Map(),
    }
  }

  #readField(point: Point, name: string, uri: string, text: string): void {
    if (name === 'time') {
      point.time = text
      return
    }
    const field = name.toLowerCase()
    if (field === 'ele' && text) point.ele = this.#number(text)
    const column = pointNamespaces.has(uri) ? pointFields[field] : undefined
    if (!column) {
      if (text && field !== 'ele') this.#losses.leaveUnused(`point ${name}`, 1, otherFields[field])
      return
    }
    if (!text) return
    const value = this.#number(text)
    if (Number.isNaN(value)) return
    point.values.set(column, value)
    if (field === 'hacc') point.accuracy = value
  }

  #number(text: string): number {
    const value = readDecimal(text.trim())
    if (Number.isNaN(value))
      this.#losses.reject(this.points, 'number_unreadable', `"${text.slice(0, 40)}" is not a number`)
    return value
  }

  /** Tracks with times, those that touch joined, in the order of the file. */
  workouts(): PointSession[] {
    const timed = this.#tracks.filter((track) => track.log.last >= track.log.first)
    const untimed = this.#tracks.filter((track) => track.log.points > 0 && !timed.includes(track)).length
    if (untimed && timed.length) this.#losses.leaveUnused('track without times', untimed)
    const seen = new Map<string, number>()
    return joinTouching(timed, this.#losses).map((track) => this.#workout(track, seen))
  }

  #workout({ log, name, type }: GpxTrack, seen: Map<string, number>): PointSession {
    const id = `gpx:${new Date(log.first).toISOString()}`
    const again = seen.get(id) ?? 0
    seen.set(id, again + 1)
    if (log.dropFlatElevation())
      this.#losses.warn('elevation_flat', 'the elevation is 0 at every point, so it was not measured')
    return {
      log,
      activity: activityOf(type),
      start: log.first,
      end: log.last,
      title: name,
      externalId: again ? `${id}:${again}` : id,
      totals: {},
      parts: [],
      extra: { ...(this.creator ? { creator: this.creator } : {}), ...(type ? { gpx_type: type } : {}) },
      climbThreshold: 3,
    }
  }
}

function activityOf(type: string | undefined): ActivityType {
  return type === undefined ? 'other' : activityFromName(type)
}

function joinTouching(tracks: GpxTrack[], losses: Losses): GpxTrack[] {
  const joined: GpxTrack[] = []
  for (const track of tracks) {
    const before = joined.at(-1)
    const gap = before ? track.log.first - before.log.last : Number.NaN
    if (before && gap >= 0 && gap < sameWorkoutMs && before.type === track.type) {
      before.log.append(track.log)
      if (track.name) losses.leaveUnused('trk name', 1, 'the track goes on from the one before it')
    } else joined.push(track)
  }
  return joined
}
