import { SampleColumns } from '../columns.ts'
import { Losses } from '../losses.ts'
import { FormatError, type Limits, type ParsedFile } from '../parsed-file.ts'
import { buildPointSession, seriesOf } from '../point-session.ts'
import { timeCheck } from '../times.ts'
import { readXml } from '../xml/read-xml.ts'
import { TcxDocument } from './document.ts'
import { sourceOf } from './source.ts'
import { workoutsOf } from './workouts.ts'

/** TCX: each Activity is a workout, also those of a multi-sport session. */
export async function readTcx(chunks: AsyncIterable<Uint8Array>, limits: Limits, now: number): Promise<ParsedFile> {
  const losses = new Losses()
  const check = timeCheck(now)
  const document = new TcxDocument(check, losses, limits.records)
  await readXml(chunks, document, losses)
  const workouts = workoutsOf(document.activities, check, losses)
  if (!workouts.length) throw refusal(document, losses)
  return {
    format: 'tcx',
    sessions: workouts.map(buildPointSession),
    readings: seriesOf(workouts, new SampleColumns()),
    source: sourceOf(document),
    records: document.points,
    rejected: losses.rejected,
    rejectedByCode: losses.rejectedByCode,
    warnings: losses.warnings,
    unused: losses.unused,
  }
}

function refusal(document: TcxDocument, losses: Losses): FormatError {
  if (document.others.has('Course')) {
    return new FormatError('not_an_activity', 'this TCX file holds a course, which is a plan with invented times')
  }
  if (document.others.has('Workout')) return new FormatError('not_an_activity', 'this TCX file holds a planned workout')
  const first = losses.rejected[0]
  return new FormatError(
    'empty',
    first ? `no activity is left: ${first.detail}` : 'the file has no activity with a time in it',
  )
}
