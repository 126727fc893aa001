import type { Recording } from '@tributary/emulators/clouds'
import type { SessionReading } from '@tributary/protocol'

/** Half an hour on a bicycle, an hour east of Greenwich. */
export function halfHourRide(
  device: Recording['device'],
  key: string,
  start: number,
  more: Partial<SessionReading> & Pick<SessionReading, 'totals'>,
): Recording {
  const session: SessionReading = {
    kind: 'session',
    type: 'workout',
    activity: 'cycling',
    start,
    end: start + 1_800_000,
    offset: 60,
    externalId: key,
    parts: [],
    ...more,
  }
  return { key, device, readings: [session] }
}
