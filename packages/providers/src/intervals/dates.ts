/** Dates of the athlete's calendar: a stretch is asked for a day wide, since the same record read twice is one. */
export function localDates({ from, to }: { from: number; to: number }): { oldest: string; newest: string } {
  const date = (t: number) => new Date(t).toISOString().slice(0, 10)
  return { oldest: date(from - 86_400_000), newest: date(to + 86_400_000) }
}
