import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { instantOf } from '../platform/instant.ts'
import { decodeTrack } from '../platform/tracks/track-codec.ts'
import { columnOf } from './column.ts'
import { mustFindSession } from './find-session.ts'
import { findTrackBytes } from './sessions.queries.ts'
import { placesToLook } from './tellings.ts'

/** A session without a way has columns without points. */
export const getTrack = handle(routes.getTrack, async (call) => {
  const { userId } = call.caller
  const bytes = await call.read(async (tx) => {
    const session = await mustFindSession(tx, userId, call.params.session_id)
    const place = (await placesToLook(tx, userId, session)).find(({ has_track }) => has_track)
    return place && findTrackBytes(tx, userId, place.session_id)
  })
  if (!bytes) return { time: [], lat: [], lon: [], ele: [] }
  const { t, lat, lon, ele } = decodeTrack(bytes)
  return { time: Array.from(t, instantOf), lat: columnOf(lat), lon: columnOf(lon), ele: columnOf(ele) }
})
