import type { ParsedFile } from '@tributary/formats'
import type { Measured, Track } from '@tributary/protocol'

/** The columns of numbers, which change hands instead of being copied. */
export function buffersOf({
  readings,
  sessions,
}: {
  readings: readonly Measured[]
  sessions: ParsedFile['sessions']
}): ArrayBuffer[] {
  const columns = [
    ...readings.flatMap((reading) => {
      if (reading.kind === 'positions') return [...columnsOf(reading.track), reading.places]
      if (reading.kind !== 'series') return []
      const { t, v, durations, qualities, offsets, places } = reading
      return [t, v, durations, qualities, offsets, places]
    }),
    ...sessions.flatMap(({ track, streams }) => [
      ...(track ? columnsOf(track) : []),
      ...Object.values(streams ?? {}).flatMap(({ t, v }) => [t, v]),
    ]),
  ]
  return [...new Set(columns.flatMap((column) => (column ? [column.buffer as ArrayBuffer] : [])))]
}

const columnsOf = ({ t, lat, lon, ele }: Track) => [t, lat, lon, ele]
