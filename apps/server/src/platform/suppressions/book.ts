/**
 * What stays deleted, by person, in memory: each value that comes in is held against it, and for a person who has nothing there
 * that is one look into a map. Loaded at start; what other processes change is learnt within a second, what this one changes at once.
 */
import type { Database } from '../db/database.ts'
import type { Log } from '../log.ts'
import { coversSource, type Suppression } from './suppression.ts'
import { listChanged } from './suppressions.queries.ts'

export interface SuppressionBook {
  /** Those of a person that concern a source; usually none. */
  of(userId: string, sourceId: string): readonly Suppression[]
  learn(suppression: Suppression): void
  /** Not known any more whether it stands: the database will say. */
  doubt(suppression: Pick<Suppression, 'id' | 'userId'>): void
  forget(suppression: Pick<Suppression, 'id' | 'userId'>): void
  /** Asks the database what changed. */
  refresh(): Promise<void>
}

const none: readonly Suppression[] = []

export async function openBook(db: Database): Promise<SuppressionBook> {
  const byPerson = new Map<string, Map<string, Suppression>>()
  /** An answer that was under way while one was lifted must not bring it back. */
  const forgotten = new Set<string>()
  let newest: Date | null = null
  const book: SuppressionBook = {
    of(userId, sourceId) {
      const own = byPerson.get(userId)
      return own ? [...own.values()].filter((suppression) => coversSource(suppression, sourceId)) : none
    },
    learn(suppression) {
      if (forgotten.has(suppression.id)) return
      const own = byPerson.get(suppression.userId) ?? new Map<string, Suppression>()
      byPerson.set(suppression.userId, own.set(suppression.id, suppression))
    },
    doubt({ userId, id }) {
      const own = byPerson.get(userId)
      if (own?.delete(id) && !own.size) byPerson.delete(userId)
    },
    forget(suppression) {
      forgotten.add(suppression.id)
      book.doubt(suppression)
    },
    async refresh() {
      const rows = await db.asWriter((tx) => listChanged(tx, newest))
      for (const { suppression, isLifted, changedAt } of rows) {
        if (isLifted) book.forget(suppression)
        else book.learn(suppression)
        if (!newest || changedAt > newest) newest = changedAt
      }
      newest ??= new Date(0) // none yet: from now on all that change, which are few
    },
  }
  await book.refresh()
  return book
}

interface Watch {
  book: SuppressionBook
  /** What else is due each second. */
  everySecond(): Promise<void>
  log: Log
}

/** Answers how to stop, which waits for what is under way. */
export function watchBook({ book, everySecond, log }: Watch): () => Promise<void> {
  let underWay: Promise<void> | undefined
  const look = async () => {
    await book.refresh()
    await everySecond()
  }
  const timer = setInterval(() => {
    if (underWay) return // the last look still waits for the database
    underWay = look()
      .catch((error: unknown) => log.warn({ err: error }, 'what stays deleted could not be looked up'))
      .finally(() => {
        underWay = undefined
      })
  }, 1_000)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await underWay
  }
}
