import type { Read } from '../db/database.ts'
import { localDate } from './local-time.ts'
import { findTimeZone } from './records.queries.ts'

/** Which date the person's calendar shows. */
export const findToday = async (tx: Read, userId: string, now: number): Promise<string> =>
  localDate(now, null, await findTimeZone(tx, userId))
