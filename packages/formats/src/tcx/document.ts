import type { Totals } from '@tributary/protocol'
import type { Losses } from '../losses.ts'
import { FormatError } from '../parsed-file.ts'
import { type Point, PointLog } from '../point-log.ts'
import type { TimeCheck } from '../times.ts'
import type { XmlHandler } from '../xml/read-xml.ts'
import { readDecimal } from '../xml/values.ts'
import { base, extension, lapExtensions, lapFields, otherFields, pointExtensions, pointFields } from './fields.ts'

export interface TcxLap {
  startTime: string | undefined
  trigger?: string
  intensity?: string
  /** Metres, seconds, bpm … under the names of totals. */
  totals: Totals
  /** Of its trackpoints. */
  first: number
  last: number
  tracks: number
}

export interface TcxActivity {
  sport: string
  id?: string
  notes?: string
  laps: TcxLap[]
  log: PointLog
}

/** What the file says of the device and the program that wrote it. */
export interface TcxCreator {
  name?: string
  unitId?: string
  productId?: string
  version: string[]
}

/** A bulk export holds one person's years; beyond it the file is not honest. */
const mostActivities = 10_000
const mostLaps = 20_000

/** Down to it the barometer had no lock. */
const lowestAltitude = -500

/** Follows a TCX document: where we are, the activity, the lap and the point at hand. */
export class TcxDocument implements XmlHandler {
  readonly activities: TcxActivity[] = []
  readonly creator: TcxCreator = { version: [] }
  author: string | undefined
  /** Names of things in the file that are no activities. */
  readonly others = new Set<string>()
  points = 0
  readonly #path: string[] = []
  readonly #check: TimeCheck
  readonly #losses: Losses
  readonly #mostPoints: number
  #activity: TcxActivity | undefined
  #lap: TcxLap | undefined
  #point: Point | undefined

  constructor(check: TimeCheck, losses: Losses, mostPoints: number) {
    this.#check = check
    this.#losses = losses
    this.#mostPoints = mostPoints
  }

  open(name: string, uri: string, attribute: (name: string) => string | undefined): void {
    this.#path.push(name)
    if (!base.test(uri)) return
    if (name === 'Course' || name === 'Workout') this.others.add(name)
    if (name === 'Activity') this.#openActivity(attribute('Sport') ?? 'Other')
    else if (name === 'Lap' && this.#activity) this.#openLap(this.#activity, attribute('StartTime'))
    else if (name === 'Track' && this.#lap) {
      if (this.#lap.tracks++ > 0) this.#activity?.log.breakSegment()
    } else if (name === 'Trackpoint' && this.#lap) this.#openPoint()
  }

  close(name: string, uri: string, text: string): void {
    this.#path.pop()
    const key = `${this.#path.at(-1) ?? ''}/${name}`
    if (base.test(uri)) this.#closeBase(name, key, text)
    else if (!extension.test(uri) && text && this.#activity) this.#losses.leaveUnused(`${name} of another namespace`)
    if (extension.test(uri)) this.#closeExtension(key, text)
  }

  #openActivity(sport: string): void {
    if (this.activities.length >= mostActivities)
      throw new FormatError('too_many_records', `more than ${mostActivities} activities`)
    this.#activity = { sport, laps: [], log: new PointLog(this.#check, this.#losses) }
    this.activities.push(this.#activity)
  }

  #openLap(activity: TcxActivity, startTime: string | undefined): void {
    if (activity.laps.length >= mostLaps) throw new FormatError('too_many_records', `more than ${mostLaps} laps`)
    this.#lap = { startTime, totals: {}, first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY, tracks: 0 }
    activity.laps.push(this.#lap)
  }

  #openPoint(): void {
    if (this.points >= this.#mostPoints)
      throw new FormatError('too_many_records', `more than ${this.#mostPoints} trackpoints`)
    this.#point = { time: undefined, lat: Number.NaN, lon: Number.NaN, ele: Number.NaN, accuracy: 0, values: new Map() }
  }

  #closeBase(name: string, key: string, text: string): void {
    if (name === 'Activity') this.#activity = this.#lap = undefined
    else if (name === 'Lap') this.#lap = undefined
    else if (name === 'Trackpoint' && this.#point) this.#closePoint(this.#point)
    else if (this.#point) this.#readPoint(this.#point, key, text)
    else if (this.#lap) this.#readLap(this.#lap, key, text)
    else this.#readHead(key, text)
  }

  #closePoint(point: Point): void {
    const t = this.#activity?.log.add(this.points++, point)
    if (t !== undefined && this.#lap) {
      this.#lap.first = Math.min(this.#lap.first, t)
      this.#lap.last = Math.max(this.#lap.last, t)
    }
    this.#point = undefined
  }

  #readPoint(point: Point, key: string, text: string): void {
    const field = pointFields[key]
    if (key === 'Trackpoint/Time') point.time = text
    else if (key === 'Position/LatitudeDegrees') point.lat = this.#number(text)
    else if (key === 'Position/LongitudeDegrees') point.lon = this.#number(text)
    else if (key === 'Trackpoint/AltitudeMeters') {
      const altitude = this.#number(text)
      if (altitude > lowestAltitude) point.ele = altitude
    } else if (field) this.#set(point.values, field, text)
    else this.#leave(key, text)
  }

  #readLap(lap: TcxLap, key: string, text: string): void {
    if (key === 'Lap/Intensity') lap.intensity = text
    else if (key === 'Lap/TriggerMethod') lap.trigger = text
    else if (lapFields[key]) this.#total(lap, lapFields[key], text)
    else this.#leave(key, text)
  }

  #readHead(key: string, text: string): void {
    const { creator } = this
    if (!text) return
    if (key === 'Activity/Id' && this.#activity) this.#activity.id = text.slice(0, 100)
    else if (key === 'Activity/Notes' && this.#activity) this.#activity.notes = text.slice(0, 2000)
    else if (key === 'Creator/Name') creator.name ??= text.slice(0, 200)
    else if (key === 'Creator/UnitId') creator.unitId ??= text.slice(0, 40)
    else if (key === 'Creator/ProductID') creator.productId ??= text.slice(0, 40)
    else if (key === 'Author/Name') this.author ??= text.slice(0, 200)
    else if (/^Version\/(VersionMajor|VersionMinor)$/.test(key) && this.#path.includes('Creator'))
      creator.version.push(text.slice(0, 10))
    else this.#leave(key, text)
  }

  /** Not of courses and plans, which are no activities. */
  #leave(key: string, text: string): void {
    if (text && !this.#path.includes('Courses') && !this.#path.includes('Workouts'))
      this.#losses.leaveUnused(key, 1, otherFields[key])
  }

  #closeExtension(key: string, text: string): void {
    const [parent, name] = key.split('/') as [string, string]
    if (parent === 'TPX' && this.#point && pointExtensions[name])
      this.#set(this.#point.values, pointExtensions[name], text)
    else if (parent === 'LX' && this.#lap && !this.#point && lapExtensions[name])
      this.#total(this.#lap, lapExtensions[name], text)
    else this.#leave(key, text)
  }

  #set(values: Map<string, number>, name: string, text: string): void {
    const value = this.#number(text)
    if (!Number.isNaN(value)) values.set(name, value)
  }

  #total(lap: TcxLap, name: string | undefined, text: string): void {
    if (!name) return
    const value = this.#number(text)
    if (!Number.isNaN(value)) lap.totals[name] = value
  }

  #number(text: string): number {
    const value = readDecimal(text)
    if (Number.isNaN(value) && text)
      this.#losses.reject(this.points, 'number_unreadable', `"${text.slice(0, 40)}" is not a number`)
    return value
  }
}
