import { FormatError } from '../parsed-file.ts'

/** What may be kept of one file, all its parts together: a file of single-byte records would otherwise grow a hundredfold in memory. */
export interface Budget {
  records: number
  values: number
  messages: number
  beats: number
  parts: number
}

/** 20 fields a second for a week are 12 million values; the longest events write some thousand laps and timer events. */
export function newBudget(records: number): Budget {
  return { records, values: 12_000_000, messages: 50_000, beats: 2_000_000, parts: 1000 }
}

/** @throws FormatError when there is nothing left of it. */
export function spend(budget: Budget, name: keyof Budget, count = 1): void {
  budget[name] -= count
  if (budget[name] < 0) throw new FormatError('too_many_records', `the file has more ${name} than an activity can have`)
}
