/** The phone: counts what it is carried through, in chunks; records some rides beside the watch; and takes what is typed in. */
import { hourMs, localTime, minuteMs, offsetAt } from './local-time.ts'
import { type Notebook, round } from './notebook.ts'
import { randomFor } from './random.ts'
import type { Scene } from './watch.ts'
import { sessionOf } from './workout-session.ts'

const chunkMs = 10 * minuteMs
/** In a trouser pocket it misses a step in twenty and takes strides for shorter than they are. */
const misses = 0.95
const shortens = 0.93

export function phoneSees(notes: Notebook, scene: Scene): void {
  ofSteps(notes, scene)
  ofRide(notes, scene)
  ofBedtime(notes, scene)
  ofHand(notes, scene)
}

function ofSteps(notes: Notebook, { episode, minutes }: Scene): void {
  let chunk = { from: 0, steps: 0, metres: 0, floors: 0 }
  const write = () => {
    const { from, steps, metres, floors } = chunk
    const offset = offsetAt(episode.zoneAt(from), from)
    if (steps > 0) notes.add('steps', from, Math.round(steps * misses), offset, chunkMs)
    if (metres > 0) notes.add('distance_walking_running', from, round(metres * misses * shortens, 1), offset, chunkMs)
    if (floors > 0) notes.add('floors_climbed', from, floors, offset, chunkMs)
  }
  for (const { at, steps, metres, floors, isWorkout } of minutes) {
    const from = Math.floor(at / chunkMs) * chunkMs
    if (from !== chunk.from) {
      write()
      chunk = { from, steps: 0, metres: 0, floors: 0 }
    }
    // On walks it comes along; around the house it often lies on the table, and at the gym in the locker.
    const isCarried = isWorkout ? episode.workout?.plan.sport === 'running' : steps > 80 || episode.carriesPhone(at)
    if (!isCarried) continue
    chunk.steps += steps
    chunk.metres += metres
    chunk.floors += floors
  }
  write()
}

/** An app on the handlebar tells of the same ride, begun a little later and measured a little differently. */
function ofRide(notes: Notebook, { episode, recording, seed }: Scene): void {
  if (recording?.plan.sport !== 'cycling') return
  const random = randomFor(seed, 'phone ride', episode.day.date)
  if (!random.chance(0.6)) return
  const by = {
    name: 'ride',
    blur: 1.1,
    stretch: random.between(0.985, 1.02),
    late: Math.round(random.between(3, 9)) * 5,
    wears: false,
  }
  notes.session(sessionOf(recording, by, offsetAt(episode.zoneAt(recording.start), recording.start)))
}

/** It knows when it was put down and picked up, and takes that for sleep: on the nights it lay beside the bed. */
function ofBedtime(notes: Notebook, { episode, seed }: Scene): void {
  const { night, wake, day } = episode
  const random = randomFor(seed, 'phone night', day.date)
  if (!random.chance(0.55)) return
  const start = night.from + Math.round(random.between(-22, 4)) * minuteMs
  const end = wake + Math.round(random.between(2, 14)) * minuteMs
  const seconds = (end - start) / 1000
  notes.session({
    kind: 'session',
    type: 'sleep',
    start,
    end,
    offset: offsetAt(night.zone, wake),
    externalId: `bedtime-${new Date(start).toISOString()}`,
    totals: { duration: seconds, sleep_time_in_bed: seconds },
    parts: [{ kind: 'stage', start, end, label: 'in_bed' }],
  })
}

/** Typed in: a weight at the gym, in clothes and to the half kilo; a temperature when ill. */
function ofHand(notes: Notebook, { episode, body, seed }: Scene): void {
  const { day, wake, zoneAt } = episode
  const random = randomFor(seed, 'typed', day.date)
  const at = (hour: number) => localTime(zoneAt(wake), day.date, Math.round(hour * 60 + random.between(0, 40)))
  const offset = offsetAt(zoneAt(wake), wake)
  if (day.weekday === 0 && random.chance(0.4) && !day.isAway)
    notes.add('body_mass', at(18), Math.round((body.weight + 0.9) * 2) / 2, offset, 0, 'manual')
  if (day.illness > 0.2)
    for (const hour of [8, 14, 20])
      notes.add(
        'body_temperature',
        at(hour),
        round(36.7 + 1.7 * day.illness + random.between(-0.2, 0.3), 1),
        offset,
        0,
        'manual',
      )
  if (random.chance(0.3))
    notes.add('water_intake', at(13), 10 * Math.round(random.between(20, 60)), offset, 0, 'manual')
  if (day.weekday < 5 && !day.illness)
    notes.add('caffeine_intake', wake + hourMs, Math.round(random.between(70, 110)), offset, 0, 'manual')
}
