import type { Span } from './span-of.ts'

/** What of `own` lies in none of `others`, in order and without overlaps. */
export function stretchesOutside(own: readonly Span[], others: readonly Span[]): Span[] {
  const taken = united(others)
  return united(own).flatMap((span) => outside(span, taken))
}

function outside({ from, to }: Span, taken: readonly Span[]): Span[] {
  const left: Span[] = []
  let at = from
  for (const other of taken) {
    if (other.to <= at) continue
    if (other.from >= to) break
    if (other.from > at) left.push({ from: at, to: other.from })
    at = Math.max(at, other.to)
  }
  if (at < to) left.push({ from: at, to })
  return left
}

function united(spans: readonly Span[]): Span[] {
  const sorted = spans.toSorted((a, b) => a.from - b.from)
  const joined: Span[] = []
  for (const span of sorted) {
    const last = joined.at(-1)
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else joined.push({ ...span })
  }
  return joined
}
