import type { SourceClaim } from '@tributary/protocol'
import { SampleColumns } from '../columns.ts'
import { Losses } from '../losses.ts'
import { FormatError, type Limits, type ParsedFile } from '../parsed-file.ts'
import { buildPointSession, seriesOf } from '../point-session.ts'
import { timeCheck } from '../times.ts'
import { readXml } from '../xml/read-xml.ts'
import { GpxDocument } from './document.ts'

/** GPX 1.0 and 1.1: each track is a workout. Waypoints and routes are plans, not recordings. */
export async function readGpx(chunks: AsyncIterable<Uint8Array>, limits: Limits, now: number): Promise<ParsedFile> {
  const losses = new Losses()
  const document = new GpxDocument(timeCheck(now), losses, limits.records)
  await readXml(chunks, document, losses)
  const workouts = document.workouts()
  if (!workouts.length) throw refusal(document, losses)
  return {
    format: 'gpx',
    sessions: workouts.map(buildPointSession),
    readings: seriesOf(workouts, new SampleColumns()),
    source: sourceOf(document.creator),
    records: document.points,
    rejected: losses.rejected,
    rejectedByCode: losses.rejectedByCode,
    warnings: losses.warnings,
    unused: losses.unused,
  }
}

/** A creator is an application or a device, as the writer pleases; only Garmin's devices sign with their maker's name first. */
function sourceOf(creator: string | undefined): SourceClaim {
  if (!creator) return {}
  const garmin = /^Garmin (?!Connect|BaseCamp|MapSource|International)(.+)$/.exec(creator)?.[1]
  return garmin ? { manufacturer: 'Garmin', model: garmin, app: creator } : { app: creator }
}

function refusal(document: GpxDocument, losses: Losses): FormatError {
  if (document.untimed > 0) {
    return new FormatError(
      'route_only',
      'the points of this track have no times: it is a planned route, not a recorded workout',
    )
  }
  const first = losses.rejected[0]
  if (first) return new FormatError('empty', `no point of the track can be used: ${first.detail}`)
  return new FormatError('empty', 'the file has no recorded track, only waypoints or routes or nothing at all')
}
