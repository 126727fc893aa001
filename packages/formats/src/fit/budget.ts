import { FormatError } from '../parsed-file.ts'
import type { Definition } from './definition.ts'

/** What may be kept of one file, all its parts together: a file of single-byte records would otherwise grow a hundredfold in memory. */
export interface Budget {
  records: number
  values: number
  messages: number
  beats: number
  parts: number
  /** Fields of all definitions. */
  fields: number
}

/**
 * 20 fields a second for a week are 12 million values; the longest events write some thousand laps and timer events;
 * a writer that defines every record of a day anew comes to 3 million fields.
 */
export function newBudget(records: number): Budget {
  return { records, values: 12_000_000, messages: 50_000, beats: 2_000_000, parts: 1000, fields: 4_000_000 }
}

/** A definition without fields costs as well. */
const perDefinition = 10

export const spendDefinition = (budget: Budget, { fields, developer }: Definition): void =>
  spend(budget, 'fields', perDefinition + fields.length + developer.length)

/** @throws FormatError when there is nothing left of it. */
export function spend(budget: Budget, name: keyof Budget, count = 1): void {
  budget[name] -= count
  if (budget[name] < 0) throw new FormatError('too_many_records', `the file has more ${name} than an activity can have`)
}
