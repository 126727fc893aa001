/** A year of one person's life, as their watch, phone, scale and cuff tell it: a week of one source at a time. */
import { bodyOn } from './body.ts'
import { makeCalendar } from './calendar.ts'
import { layEpisodes } from './episodes.ts'
import { dayMs, localDate } from './local-time.ts'
import { Notebook, type Notes } from './notebook.ts'
import { phoneSees } from './phone.ts'
import { randomFor } from './random.ts'
import { record } from './recording.ts'
import { cuffSees, scaleSees } from './scale-and-cuff.ts'
import { type DemoSourceKey, demoSources } from './sources.ts'
import { minutesOf } from './steps.ts'
import { type Scene, watchSees } from './watch.ts'

export interface DemoYearOptions {
  /** Milliseconds since 1970: nothing is later. The year ends on its local date. */
  until: number
  /** IANA name of the zone they live in. */
  timeZone: string
  seed?: number
  /** Only what was measured on the last so many days; the same as of the whole year, without the time that the rest takes. */
  days?: number
}

export interface DemoBatch extends Notes {
  /** Which week of the year, from 0; the last one is short. */
  part: number
  source: DemoSourceKey
}

const demoSeed = 20_260

const parts = 53

/** Always as many, so that a progress can be told. */
export const demoBatches = parts * demoSources.length

export function* demoYear({ until, timeZone, seed = demoSeed, days = 400 }: DemoYearOptions): Generator<DemoBatch> {
  const calendar = makeCalendar(timeZone, localDate(timeZone, until), seed)
  const books = new Map(demoSources.map(({ key }) => [key, new Notebook(until)]))
  const book = (key: DemoSourceKey) => books.get(key) ?? new Notebook(until)
  function* turn(part: number): Generator<DemoBatch> {
    for (const [source, notes] of books) yield { part, source, ...notes.take() }
  }
  let part = 0
  let wore = true
  for (const episode of layEpisodes(calendar, seed)) {
    if (episode.wake - dayMs > until) break
    const now = Math.min(parts - 1, Math.floor(episode.day.index / 7))
    for (; part < now; part++) yield* turn(part)
    if (episode.wake < until - days * dayMs) {
      wore = episode.watchUntil === episode.bed
      continue
    }
    const body = bodyOn(calendar, episode.day.date, seed)
    const { workout } = episode
    const random = randomFor(seed, 'recording', episode.day.date)
    const recording = workout ? record(workout.plan, workout.start, workout.zone, body, random) : null
    const scene: Scene = { episode, body, minutes: [...minutesOf(episode, recording, seed)], recording, seed }
    watchSees(book('watch'), scene, wore)
    phoneSees(book('phone'), scene)
    scaleSees(book('scale'), scene)
    cuffSees(book('cuff'), scene)
    wore = episode.watchUntil === episode.bed
  }
  for (; part < parts; part++) yield* turn(part)
}
