/**
 * A way (`Track`) to bytes and back, with the sample codec. Four columns follow each other, each after its length in four bytes:
 * times (their value says which parts the point has), latitudes, longitudes, elevations. The last three count their points in
 * place of a time, which costs next to nothing, and hold only the points that have the part.
 * Positions are kept to 1e-7 degrees (1 cm) and elevations to the millimetre: finer than any receiver, and whole numbers pack well.
 */
import type { Track } from '@tributary/protocol'
import { decode, encode } from '../samples/codec.ts'
import { pointsOf } from '../samples/points.ts'

const degreeScale = 1e7
const metreScale = 1e3
const has = { position: 1, elevation: 2 } as const

/** Points with neither a position nor an elevation say nothing and are left out. */
export function encodeTrack({ t, lat, lon, ele }: Track): Buffer {
  const times: number[] = []
  const parts: number[] = []
  const columns: [lat: number[], lon: number[], ele: number[]] = [[], [], []]
  for (let i = 0; i < t.length; i++) {
    const [north, east, up] = [lat[i] ?? Number.NaN, lon[i] ?? Number.NaN, ele?.[i] ?? Number.NaN]
    const placed = Number.isFinite(north) && Number.isFinite(east)
    const raised = Number.isFinite(up)
    if (!placed && !raised) continue
    times.push(Math.round(t[i] as number))
    parts.push((placed ? has.position : 0) + (raised ? has.elevation : 0))
    if (placed) columns[0].push(Math.round(north * degreeScale) + 0)
    if (placed) columns[1].push(Math.round(east * degreeScale) + 0)
    if (raised) columns[2].push(Math.round(up * metreScale) + 0)
  }
  return Buffer.concat([encode(pointsOf(times, parts)), ...columns.map(encodeCounted)].flatMap(withLength))
}

export function decodeTrack(bytes: Uint8Array): Required<Track> {
  const [times, norths, easts, ups] = split(bytes).map(decode)
  if (!times || !norths || !easts || !ups) throw new RangeError('a way has four columns')
  const track = { t: times.t, lat: gaps(times.n), lon: gaps(times.n), ele: gaps(times.n) }
  for (let i = 0, placed = 0, raised = 0; i < times.n; i++) {
    const parts = times.v[i] as number
    if (parts & has.position) {
      track.lat[i] = (norths.v[placed] as number) / degreeScale
      track.lon[i] = (easts.v[placed++] as number) / degreeScale
    }
    if (parts & has.elevation) track.ele[i] = (ups.v[raised++] as number) / metreScale
  }
  return track
}

const gaps = (n: number) => new Float64Array(n).fill(Number.NaN)

/** `+ 0` above turns −0 into 0, which the codec would otherwise keep as eight bytes a value. */
function encodeCounted(values: number[]): Buffer {
  return encode(
    pointsOf(
      Float64Array.from(values, (_, i) => i * 1_000),
      values,
    ),
  )
}

function withLength(column: Buffer): Buffer[] {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(column.length)
  return [length, column]
}

function split(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const columns: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + view.getUint32(at, true)
    if (end > bytes.length) throw new RangeError('a column of a way ends beyond its bytes')
    columns.push(bytes.subarray(at + 4, end))
    at = end
  }
  return columns
}
