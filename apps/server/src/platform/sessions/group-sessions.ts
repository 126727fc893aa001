/**
 * Which records tell of the same session, and by which of them it is shown. A function of the set of records alone: the best record
 * comes first and each next one joins the winner it fits best, or becomes a winner itself. So groups never form in chains (what
 * fits only a loser stands alone), and neither the order in which records came nor what was grouped before changes anything.
 */
import { compareFamilies } from './family.ts'

export interface SessionRecord {
  id: string
  /** Source and format: no source tells of one session twice in one format, so two of its records are two sessions. */
  teller: string
  type: string
  family: string
  /** What a demo tells is never the same as what somebody did. */
  isDemo?: boolean
  /** Milliseconds. */
  start: number
  end: number
  /** Higher is better; compared part by part. */
  rank: readonly number[]
  created: number
}

/** Starts this close may be one, if the lengths agree. */
export const startToleranceMs = 60_000
const lengthTolerance = 0.05
const leastOverlap = 0.8

interface Group {
  winner: SessionRecord
  tellers: Set<string>
}

/** Every record's winner; a winner's is itself. */
export function groupSessions(records: readonly SessionRecord[]): Map<string, string> {
  const groups: Group[] = []
  const winners = new Map<string, string>()
  for (const record of records.toSorted(compareRecords)) {
    const home = bestOf(groups, record)
    if (home) home.tellers.add(record.teller)
    else groups.push({ winner: record, tellers: new Set([record.teller]) })
    winners.set(record.id, home ? home.winner.id : record.id)
  }
  return winners
}

/** Better before worse: by rank, then the one that was there first. */
export function compareRecords(a: SessionRecord, b: SessionRecord): number {
  for (const [i, value] of a.rank.entries()) {
    const difference = (b.rank[i] ?? 0) - value
    if (difference) return difference
  }
  return a.created - b.created || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

/** Of several that would fit the one that covers the same time most nearly; of equal ones the better. */
function bestOf(groups: readonly Group[], record: SessionRecord): Group | undefined {
  let best: Group | undefined
  let bestShare = -1
  for (const group of groups) {
    if (group.tellers.has(record.teller) || !isSameSession(group.winner, record)) continue
    const share = shareOf(group.winner, record)
    if (share <= bestShare) continue
    best = group
    bestShare = share
  }
  return best
}

export function isSameSession(a: SessionRecord, b: SessionRecord): boolean {
  if (a.type !== b.type || Boolean(a.isDemo) !== Boolean(b.isDemo)) return false
  const families = compareFamilies(a.family, b.family)
  if (families === 'different') return false
  const startsTogether = Math.abs(a.start - b.start) <= startToleranceMs
  if (families === 'unsure') return startsTogether && overlapsMostly(a, b)
  return overlapsMostly(a, b) || (startsTogether && isAsLong(a, b))
}

const lengthOf = ({ start, end }: SessionRecord): number => end - start
const overlapOf = (a: SessionRecord, b: SessionRecord): number => Math.min(a.end, b.end) - Math.max(a.start, b.start)

function overlapsMostly(a: SessionRecord, b: SessionRecord): boolean {
  const shorter = Math.min(lengthOf(a), lengthOf(b))
  return shorter > 0 && overlapOf(a, b) >= leastOverlap * shorter
}

function isAsLong(a: SessionRecord, b: SessionRecord): boolean {
  const longer = Math.max(lengthOf(a), lengthOf(b))
  return Math.abs(lengthOf(a) - lengthOf(b)) <= lengthTolerance * longer
}

/** How much of the time of both is the time of each, 0–1. */
function shareOf(a: SessionRecord, b: SessionRecord): number {
  const both = Math.max(a.end, b.end) - Math.min(a.start, b.start)
  return both > 0 ? Math.max(0, overlapOf(a, b)) / both : 1
}
