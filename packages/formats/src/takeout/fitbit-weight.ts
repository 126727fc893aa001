import { knownLeaves, leaveRest } from '../archives/leaves.ts'
import { readAmerican, readNumber } from '../archives/read-times.ts'
import { textOf } from '../json/records.ts'
import { type Context, fitbit } from './context.ts'

const known = knownLeaves('weight bmi fat date time')
const poundKg = 0.45359237
/** Heights in metres of which a pair of readings of one weight (their heights differ by √2.2) never has both. */
const heights = { least: 1.41, most: 2.09 }

/**
 * A weight in the unit of the account, which the file does not name: the body mass index beside it does, since it tells the height
 * that goes with either reading.
 */
export function takeWeight(record: Record<string, unknown>, context: Context): void {
  const { gather, losses, clock } = context
  leaveRest('Fitbit weight', record, known, losses)
  const wall = readAmerican(`${textOf(record['date']) ?? ''} ${textOf(record['time']) ?? '00:00:00'}`)
  if (wall === undefined) {
    gather.reject(fitbit, 'time_unreadable', 'the time of a weight cannot be read')
    return
  }
  const t = clock.timeOf(wall)
  const weight = readNumber(record['weight'])
  const bmi = readNumber(record['bmi'])
  const fat = readNumber(record['fat'])
  gather.sample(fitbit, 'body_mass', t, weight, { unit: unitOf(weight, bmi, context) })
  if (bmi > 0) gather.sample(fitbit, 'bmi', t, bmi)
  if (fat > 0) gather.sample(fitbit, 'body_fat', t, fat)
}

function unitOf(weight: number, bmi: number, { losses }: Context): 'kg' | 'lb' {
  const isHeight = (kg: number) => {
    const height = Math.sqrt(kg / bmi)
    return height >= heights.least && height <= heights.most
  }
  if (isHeight(weight)) return 'kg'
  if (!isHeight(weight * poundKg)) {
    losses.warn(
      'weight_unit_guessed',
      'a weight has no body mass index that would tell its unit; it was read as pounds',
    )
  }
  return 'lb'
}
