/** The bathroom scale on most mornings, and the cuff on some mornings and evenings. Neither travels. */
import { hourMs, minuteMs, offsetAt } from './local-time.ts'
import { type Notebook, round } from './notebook.ts'
import { randomFor } from './random.ts'
import type { Scene } from './watch.ts'

export function scaleSees(notes: Notebook, { episode, body, seed }: Scene): void {
  const { day, wake, zoneAt } = episode
  const random = randomFor(seed, 'scale', day.date)
  if (day.isAway || day.flies || !random.chance(0.72)) return
  const t = wake + Math.round(random.between(6, 25)) * minuteMs
  const offset = offsetAt(zoneAt(t), t)
  const weight = round(body.weight + random.around(0, 0.28), 2)
  const fat = round(body.fatPercent + random.around(0, 0.35), 1)
  notes.add('body_mass', t, weight, offset)
  notes.add('body_fat', t, fat, offset)
  notes.add('muscle_mass', t, round(weight * (1 - fat / 100) * 0.94, 2), offset)
  notes.add('bone_mass', t, 3.2, offset)
  notes.add('body_water', t, round(73.2 * (1 - fat / 100), 1), offset)
}

export function cuffSees(notes: Notebook, { episode, body, seed }: Scene): void {
  const { day, wake, bed, zoneAt } = episode
  const random = randomFor(seed, 'cuff', day.date)
  if (day.isAway || day.flies || !random.chance(0.34)) return
  const measure = (t: number, rise: number) => {
    const offset = offsetAt(zoneAt(t), t)
    const systolic = Math.round(body.systolic + rise + random.around(0, 4))
    const diastolic = Math.round(Math.min(systolic - 22, body.diastolic + rise / 2 + random.around(0, 3)))
    notes.event('blood_pressure', t, { systolic, diastolic }, offset)
    notes.add('heart_rate', t, Math.round(body.restingHeartRate + 8 + random.around(0, 3)), offset)
  }
  measure(wake + Math.round(random.between(25, 50)) * minuteMs, 2)
  if (random.chance(0.6)) measure(bed - Math.round(random.between(60, 100)) * minuteMs - hourMs / 2, -3)
}
