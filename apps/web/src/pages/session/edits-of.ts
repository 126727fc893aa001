/** What a person changed of a session, one by one. */
import type { Session } from '../../api/types.ts'

export interface Edit {
  /** `title`, `activity` or a figure's name. */
  name: string
  isFigure: boolean
  before: string | number | null
  now: string | number | null
}

export function editsOf({
  edited,
  title,
  activity,
  totals,
}: Pick<Session, 'edited' | 'title' | 'activity' | 'totals'>): Edit[] {
  if (!edited) return []
  const words = (['title', 'activity'] as const)
    .filter((name) => name in edited)
    .map((name) => ({ name, isFigure: false, before: plain(edited[name]), now: { title, activity }[name] }))
  const figures = Object.entries(isRecord(edited['totals']) ? edited['totals'] : {}).map(([name, before]) => ({
    name,
    isFigure: true,
    before: plain(before),
    now: totals[name] ?? null,
  }))
  return [...words, ...figures]
}

/** The body that takes these back: null is the server's word for it. */
export function takingBack(edits: readonly Edit[]) {
  const figures = edits.filter(({ isFigure }) => isFigure)
  return {
    ...Object.fromEntries(edits.filter(({ isFigure }) => !isFigure).map(({ name }) => [name, null])),
    ...(figures.length > 0 && { totals: Object.fromEntries(figures.map(({ name }) => [name, null])) }),
  }
}

const plain = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? value : null)
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
