/** Marks that say where a list goes on. Opaque to the reader, as the brands' are. */

export const markOf = (at: number): string => Buffer.from(`at:${at}`).toString('base64url')

/** Null for what is none of ours. */
export function readMark(mark: string): number | null {
  const at = /^at:(\d+)$/.exec(Buffer.from(mark, 'base64url').toString())?.[1]
  return at === undefined ? null : Number(at)
}

/** `next` is where it goes on, undefined at the end. */
export function pageOf<T>(list: readonly T[], from: number, limit: number): { page: T[]; next: number | undefined } {
  const end = from + limit
  return { page: list.slice(from, end), next: end < list.length ? end : undefined }
}
