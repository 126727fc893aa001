import type { Write } from '../platform/db/database.ts'
import { settlePlansOfDays } from '../platform/sessions/settle-plans.ts'

const dayMs = 86_400_000

/** The plans of a day and of those beside it, whose times may reach into it. */
export async function settleDay(tx: Write, userId: string, day: string): Promise<void> {
  const shifted = (days: number) => new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10)
  await settlePlansOfDays(tx, userId, shifted(-1), shifted(1))
}
