import type { SessionReading, Stream } from '@tributary/protocol'
import { dayMs, earliest } from '../limits.ts'
import type { ParsedFile } from '../parsed-file.ts'

/** Everything that a parsed file must hold to, whatever the bytes were; each fault in words. */
export function faultsOf(parsed: ParsedFile, bytes: number, now: number): string[] {
  const faults: string[] = []
  const say = (fault: string) => faults.push(fault)
  const timely = (t: number) => t >= earliest && t <= now + dayMs
  const checkStream = (name: string, { t, v }: Stream) => {
    if (t.length !== v.length) say(`${name}: ${t.length} times for ${v.length} values`)
    if (!t.every(timely)) say(`${name}: a time outside 2000 to tomorrow`)
    if (!v.every(Number.isFinite)) say(`${name}: a value that is not finite`)
  }
  let values = 0
  for (const reading of parsed.readings) {
    checkStream(reading.metric, reading)
    values += reading.t.length
    if (reading.t.some((t, i) => i > 0 && t < (reading.t[i - 1] as number))) say(`${reading.metric}: not sorted`)
  }
  if (values > bytes) say(`${values} values from ${bytes} bytes`)
  if (parsed.records > bytes) say(`${parsed.records} records from ${bytes} bytes`)
  if (!parsed.sessions.length) say('a parsed file without a session')
  for (const session of parsed.sessions) {
    if (!timely(session.start) || !timely(session.end) || session.end < session.start) say('a session outside its time')
    for (const [name, stream] of Object.entries(session.streams ?? {})) checkStream(name, stream)
    checkTrack(session, timely, say)
    checkFigures(session, say)
  }
  if (parsed.rejected.length > 100) say('more than a hundred rejections listed')
  return faults
}

function checkTrack({ track }: SessionReading, timely: (t: number) => boolean, say: (fault: string) => void): void {
  if (!track) return
  const { t, lat, lon, ele } = track
  if (t.length !== lat.length || t.length !== lon.length || (ele && ele.length !== t.length))
    say('track columns differ in length')
  if (!t.every((one) => Number.isNaN(one) || timely(one))) say('track: a time outside 2000 to tomorrow')
  if (!lat.every((one) => Math.abs(one) <= 90) || !lon.every((one) => Math.abs(one) <= 180))
    say('track: a place that is not on Earth')
  if (ele?.some((one) => !Number.isFinite(one) && !Number.isNaN(one))) say('track: an infinite elevation')
}

function checkFigures(session: SessionReading, say: (fault: string) => void): void {
  for (const totals of [session.totals, ...session.parts.map((part) => part.totals ?? {})]) {
    for (const [name, value] of Object.entries(totals)) if (!Number.isFinite(value)) say(`${name} is ${value}`)
  }
  for (const part of session.parts) {
    if (!Number.isFinite(part.start) || !Number.isFinite(part.end) || part.end < part.start)
      say(`a ${part.kind} that ends before it starts`)
  }
}
