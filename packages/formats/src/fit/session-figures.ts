import type { Totals } from '@tributary/protocol'
import { type ActivityType, activities, isOnFoot } from '@tributary/protocol/activities'
import type { Message } from './definition.ts'

/** [total, field of the session, field of the lap, scale]. Of two lines with one total the later wins where both have a value. */
// biome-ignore format: a table, one line for each figure.
const figures: readonly (readonly [name: string, session: number, lap: number, scale: number])[] = [
  ['duration', 7, 7, 1000],
  ['active_duration', 8, 8, 1000],
  ['moving_duration', 59, -1, 1000],
  ['distance', 9, 9, 100],
  ['energy_total', 11, 11, 1],
  ['heart_rate_avg', 16, 15, 1],
  ['heart_rate_max', 17, 16, 1],
  ['heart_rate_min', 64, 63, 1],
  ['power_avg', 20, 19, 1],
  ['power_max', 21, 20, 1],
  ['power_normalized', 34, 33, 1],
  ['elevation_gain', 22, 21, 1],
  ['elevation_loss', 23, 22, 1],
  ['speed_avg', 14, 13, 1000],
  ['speed_avg', 124, 110, 1000], // enhanced
  ['speed_max', 15, 14, 1000],
  ['speed_max', 125, 111, 1000], // enhanced
  ['training_load', 168, -1, 65_536],
  ['perceived_exertion', 193, -1, 10],
]

/** A zero in these is a writer's way of saying that it does not know. */
const zeroIsUnknown = new Set(['energy_total', 'heart_rate_avg', 'heart_rate_max', 'heart_rate_min'])

/** [name in `extra`, field of the session, scale]: figures without a name of ours. */
const extras: readonly (readonly [name: string, num: number, scale: number])[] = [
  ['training_effect', 24, 10],
  ['training_effect_anaerobic', 137, 10],
  ['training_stress_score', 35, 10],
  ['intensity_factor', 36, 1000],
  ['threshold_power', 45, 1],
  ['pool_length', 44, 100],
  ['active_lengths', 47, 1],
  ['feel', 192, 1],
  ['spo2_avg', 194, 1],
  ['stress_avg', 195, 1],
  ['hrv_sdnn', 197, 1],
  ['hrv_rmssd', 198, 1],
]

const [cyclesField, restingEnergyField] = [10, 196]

/** Fields of a session, and of a lap, that become figures. */
export const sessionFields: readonly number[] = [
  ...figures.map(([, session]) => session),
  ...extras.map(([, num]) => num),
  ...[18, 19, cyclesField, restingEnergyField],
]
export const lapFields: readonly number[] = [...figures.map(([, , lap]) => lap), 17, 18, cyclesField]

export function sessionFigures(message: Message, activity: ActivityType): Totals {
  const totals = figuresOf(message, (figure) => figure[1])
  addCadence(totals, activity, message.number(18), message.number(19))
  addCycles(totals, activity, message.number(cyclesField))
  const resting = message.number(restingEnergyField)
  const energy = totals['energy_total']
  if (resting !== undefined && energy !== undefined && resting < energy) totals['energy_active'] = energy - resting
  return totals
}

export function lapFigures(message: Message, activity: ActivityType): Totals {
  const totals = figuresOf(message, (figure) => figure[2])
  addCadence(totals, activity, message.number(17), message.number(18))
  addCycles(totals, activity, message.number(cyclesField))
  return totals
}

export function sessionExtras(message: Message): Record<string, number> {
  const found: Record<string, number> = {}
  for (const [name, num, scale] of extras) {
    const value = message.number(num, scale)
    if (value !== undefined) found[name] = value
  }
  return found
}

function figuresOf(message: Message, field: (figure: (typeof figures)[number]) => number): Totals {
  const totals: Totals = {}
  for (const figure of figures) {
    const [name, , , scale] = figure
    const value = message.number(field(figure), scale)
    if (value === undefined || (value === 0 && zeroIsUnknown.has(name))) continue
    totals[name] = value
  }
  return totals
}

const swimming = 5

function addCadence(totals: Totals, activity: ActivityType, average?: number, highest?: number): void {
  const [name, times] = isOnFoot(activity) ? ['cadence_steps', 2] : ['cadence', 1]
  if (average !== undefined) totals[`${name}_avg`] = average * Number(times)
  if (highest !== undefined) totals[`${name}_max`] = highest * Number(times)
}

function addCycles(totals: Totals, activity: ActivityType, cycles?: number): void {
  if (cycles === undefined || cycles === 0) return
  if (isOnFoot(activity)) totals['steps'] = cycles * 2
  else if (activities[activity].fit[0] === swimming) totals['swim_strokes'] = cycles
}
