/**
 * Points of one series, in columns of equal length: millions of them cost no object each.
 * An absent optional column means that every point has its default (no duration, no quality, no offset, `unknown`, catalogue unit).
 */
export interface Points {
  n: number
  /** Start, whole milliseconds since 1970 UTC. */
  t: Float64Array
  v: Float64Array
  /** Length in whole milliseconds; 0 for an instant. */
  d: Float64Array | null
  /** Quality codes (`qualityCode` of the protocol); 0 when nothing was said. */
  q: Uint32Array | null
  /** Minutes east of UTC where it was measured, or `noOffset`. */
  z: Int16Array | null
  /** Index into `recordingMethods`; 0 is unknown. */
  m: Uint8Array | null
  /** The unit the source spoke, where it was not the catalogue's. */
  u: (string | null)[] | null
}

/** In `z`: the source did not say where it was. */
export const noOffset = -32_768

export const dayMs = 86_400_000

/** Times that PostgreSQL can hold, roughly the years −4684 to 10889. What people may send is for `ingest` to say. */
export const earliestMs = -210_000_000_000_000
export const latestMs = 2 ** 48

/** The UTC day a time falls on, as its number since 1970. */
export const dayOf = (ms: number): number => Math.floor(ms / dayMs)

type OptionalColumns = Partial<Pick<Points, 'd' | 'q' | 'z' | 'm' | 'u'>>

/** Points of times and values, the other columns where given. */
export function pointsOf(t: ArrayLike<number>, v: ArrayLike<number>, rest: OptionalColumns = {}): Points {
  if (t.length !== v.length) throw new RangeError(`${t.length} times but ${v.length} values`)
  const points: Points = {
    n: t.length,
    t: t instanceof Float64Array ? t : Float64Array.from(t),
    v: v instanceof Float64Array ? v : Float64Array.from(v),
    d: rest.d ?? null,
    q: rest.q ?? null,
    z: rest.z ?? null,
    m: rest.m ?? null,
    u: rest.u ?? null,
  }
  for (const column of [points.d, points.q, points.z, points.m, points.u]) {
    if (column && column.length !== points.n)
      throw new RangeError(`a column of ${column.length} beside ${points.n} times`)
  }
  return points
}

/** Refuses what can never be stored: the door has told people long before, so here it is a fault of ours. */
export function checkPoints(p: Points): Points {
  for (let i = 0; i < p.n; i++) {
    const t = p.t[i] as number
    if (!(t >= earliestMs && t < latestMs) || Math.floor(t) !== t) throw new RangeError(`${t} is not a time`)
    if (!Number.isFinite(p.v[i])) throw new RangeError(`${p.v[i]} is not a value`)
    if (p.d && !((p.d[i] as number) >= 0 && (p.d[i] as number) < latestMs && Number.isInteger(p.d[i])))
      throw new RangeError(`${p.d[i]} is not a duration`)
  }
  return p
}

export const noPoints = (): Points => pointsOf([], [])

/** Room for `n` points with those columns that any of the given has. */
export function roomFor(n: number, like: readonly Points[]): Points {
  return {
    n,
    t: new Float64Array(n),
    v: new Float64Array(n),
    d: like.some((p) => p.d) ? new Float64Array(n) : null,
    q: like.some((p) => p.q) ? new Uint32Array(n) : null,
    z: like.some((p) => p.z) ? new Int16Array(n).fill(noOffset) : null,
    m: like.some((p) => p.m) ? new Uint8Array(n) : null,
    u: like.some((p) => p.u) ? new Array<string | null>(n).fill(null) : null,
  }
}

/** Copies `from[start, end)` to `to` at `at`; columns that `from` lacks keep their default. */
export function copyPoints(from: Points, start: number, end: number, to: Points, at: number): void {
  to.t.set(from.t.subarray(start, end), at)
  to.v.set(from.v.subarray(start, end), at)
  if (from.d) to.d?.set(from.d.subarray(start, end), at)
  if (from.q) to.q?.set(from.q.subarray(start, end), at)
  if (from.z) to.z?.set(from.z.subarray(start, end), at)
  if (from.m) to.m?.set(from.m.subarray(start, end), at)
  if (from.u && to.u) for (let i = start; i < end; i++) to.u[at + i - start] = from.u[i] ?? null
}

/** A view of `[start, end)`; shares memory with the whole. */
export function slicePoints(p: Points, start: number, end: number): Points {
  if (start === 0 && end === p.n) return p
  return {
    n: end - start,
    t: p.t.subarray(start, end),
    v: p.v.subarray(start, end),
    d: p.d?.subarray(start, end) ?? null,
    q: p.q?.subarray(start, end) ?? null,
    z: p.z?.subarray(start, end) ?? null,
    m: p.m?.subarray(start, end) ?? null,
    u: p.u?.slice(start, end) ?? null,
  }
}

/** A copy of the points at `indices`, in that order. */
export function pickPoints(p: Points, indices: ArrayLike<number>): Points {
  const n = indices.length
  const { t, v, d, q, z, m, u } = p
  const out = roomFor(n, [p])
  for (let i = 0; i < n; i++) {
    const from = indices[i] as number
    out.t[i] = t[from] as number
    out.v[i] = v[from] as number
    if (d && out.d) out.d[i] = d[from] as number
    if (q && out.q) out.q[i] = q[from] as number
    if (z && out.z) out.z[i] = z[from] as number
    if (m && out.m) out.m[i] = m[from] as number
    if (u && out.u) out.u[i] = u[from] ?? null
  }
  return out
}

/** One after another, as they stand. */
export function concatPoints(list: readonly Points[]): Points {
  if (list.length === 1 && list[0]) return list[0]
  const out = roomFor(
    list.reduce((sum, p) => sum + p.n, 0),
    list,
  )
  let at = 0
  for (const p of list) {
    copyPoints(p, 0, p.n, out, at)
    at += p.n
  }
  return out
}

/** The first index whose time is at or after `time`; times must ascend. */
export function lowerBound(t: Float64Array, time: number, from = 0): number {
  let low = from
  let high = t.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((t[middle] as number) < time) low = middle + 1
    else high = middle
  }
  return low
}

/** Those with `from` ≤ time < `to`, as a view; times must ascend. */
export function clipPoints(p: Points, from: number, to: number): Points {
  const start = lowerBound(p.t, from)
  return slicePoints(p, start, lowerBound(p.t, to, start))
}

/** Whether each time is later than the one before. */
export function isAscending(t: Float64Array): boolean {
  for (let i = 1; i < t.length; i++) if (!((t[i] as number) > (t[i - 1] as number))) return false
  return true
}

/** Same value and same length: what a second delivery repeats. */
export const sameReading = (a: Points, i: number, b: Points, j: number): boolean =>
  a.v[i] === b.v[j] && (a.d ? a.d[i] : 0) === (b.d ? b.d[j] : 0)

/** Nothing at all differs, so keeping both would be waste. */
export const samePoint = (a: Points, i: number, b: Points, j: number): boolean =>
  sameReading(a, i, b, j) &&
  (a.q ? a.q[i] : 0) === (b.q ? b.q[j] : 0) &&
  (a.z ? a.z[i] : noOffset) === (b.z ? b.z[j] : noOffset) &&
  (a.m ? a.m[i] : 0) === (b.m ? b.m[j] : 0) &&
  (a.u?.[i] ?? null) === (b.u?.[j] ?? null)
