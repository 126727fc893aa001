/** Bytes to bodies: one JSON object, an array of them, or NDJSON with one a line. */
import { assertShallow, parseJson } from '../platform/http/body.ts'
import { Problem } from '../platform/problem.ts'
import { readBody } from './read-body.ts'
import { scanBody } from './scan-body.ts'
import { isUsable, type UnusableBody, type UsableBody, unusable } from './upload.ts'

export interface Upload {
  /** Answered as a list, because it was sent as one. */
  list: boolean
  bodies: (UsableBody | UnusableBody)[]
}

const newline = 0x0a

export function parseUpload(bytes: Buffer, ndjson: boolean, mostValues: number): Upload {
  const room = new Room(mostValues)
  if (ndjson) return { list: true, bodies: readLines(bytes, room) }
  const scanned = scanBody(bytes)
  if (scanned) return { list: false, bodies: [room.take(scanned)] }
  const json = parseJson(bytes)
  if (!Array.isArray(json)) return { list: false, bodies: [room.take(readBody(json))] }
  if (!json.length) throw new Problem('invalid_request', 'An upload holds at least one body')
  return { list: true, bodies: json.map((body) => room.take(readBody(body))) }
}

/** A line that cannot be read costs itself only. Blank lines are no bodies. */
function readLines(bytes: Buffer, room: Room): Upload['bodies'] {
  const bodies: Upload['bodies'] = []
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(newline, start)
    const end = found === -1 ? bytes.length : found
    const line = bytes.subarray(start, end)
    start = end + 1
    if (isBlank(line)) continue
    bodies.push(room.take(readLine(line)))
  }
  if (!bodies.length) throw new Problem('invalid_request', 'An upload holds at least one body')
  return bodies
}

const isBlank = (line: Buffer): boolean => line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)

function readLine(line: Buffer): UsableBody | UnusableBody {
  try {
    assertShallow(line)
    return readBody(JSON.parse(line.toString('utf8')))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof Problem)
      return unusable('', 'The line is not JSON', 'invalid_json')
    throw error
  }
}

/** Counts values, and bodies that have none to count, against what one request may hold. */
class Room {
  readonly most: number
  taken = 0

  constructor(most: number) {
    this.most = most
  }

  take(body: UsableBody | UnusableBody): UsableBody | UnusableBody {
    this.taken += isUsable(body) ? body.received : 1
    if (this.taken > this.most)
      throw new Problem('payload_too_large', `A request takes at most ${this.most} values`, { max_values: this.most })
    return body
  }
}
