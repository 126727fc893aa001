import { useComputedColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { allPoints, daysQuery, meQuery, streamsQuery } from '../../api/queries.ts'
import type { Session, Streams } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { duration, type Format, hoursAndMinutes } from '../../util/format.ts'
import { addDays } from '../../util/local-days.ts'
import { BarList } from './bar-list.tsx'
import { stepColour } from './colours.ts'
import {
  bestTwentyMinutes,
  type Highest,
  heartRateZones,
  highestHeartRate,
  powerZones,
  type TimedZone,
  timeInZones,
} from './zones.ts'

/** How hard it was, by heart and by power: as far as either was measured. */
export function Zones({ session }: { session: Session }) {
  const streams = useQuery(streamsQuery(session.session_id, allPoints)).data
  if (!streams) return null
  const time = streams.time.map((at) => Date.parse(at))
  return (
    <>
      <HeartRateZones session={session} streams={streams} time={time} />
      <PowerZones streams={streams} time={time} />
    </>
  )
}

interface ZonesProps {
  streams: Streams
  time: readonly number[]
}

function HeartRateZones({ session, streams, time }: ZonesProps & { session: Session }) {
  const format = useFormat()
  const highest = useHighest(session, streams)
  const values = streams.streams['heart_rate']?.values
  if (!values || !highest) return null
  const zones = timeInZones(time, values, heartRateZones(highest.value))
  return (
    <ZoneSection
      title="Heart rate zones"
      lead={whyHighest(highest, format)}
      unit="bpm"
      zones={zones}
      rest="below the lowest zone"
      measured={timeInZones(time, values, [{ title: '', low: 0, high: Number.POSITIVE_INFINITY }])[0]?.seconds ?? 0}
    />
  )
}

function whyHighest({ value, why }: Highest, format: Format): string {
  const words = format.value('heart_rate', value)
  return why === 'measured'
    ? `Shares of ${words}, the highest heart rate measured in the year before.`
    : `Shares of ${words}: 220 minus your age, since nothing higher was measured in the year before.`
}

function useHighest(session: Session, streams: Streams): Highest | undefined {
  const { data: me } = useQuery(meQuery)
  const on = session.start_time.slice(0, 10)
  const days = useQuery(daysQuery(['heart_rate'], addDays(on, -365), addDays(on, 2))).data
  const measured = [
    session.totals['heart_rate_max'] ?? 0,
    ...(days?.metrics[0]?.days.map(({ max }) => max ?? 0) ?? []),
    ...(streams.streams['heart_rate']?.values.map((value) => value ?? 0) ?? []),
  ].reduce((a, b) => Math.max(a, b), 0)
  return highestHeartRate(measured || undefined, me?.birth_on ?? null, on)
}

function PowerZones({ streams, time }: ZonesProps) {
  const format = useFormat()
  const values = streams.streams['power']?.values
  const best = values && bestTwentyMinutes(time, values)
  if (!values || !best) return null
  const threshold = 0.95 * best
  const zones = timeInZones(time, values, powerZones(threshold))
  return (
    <ZoneSection
      title="Power zones"
      lead={`Shares of ${format.value('power', threshold)}: 95% of the best 20 minutes of this session, a guess at what you could hold for an hour.`}
      unit="W"
      zones={zones}
      rest="outside"
      measured={zones.reduce((sum, { seconds }) => sum + seconds, 0)}
    />
  )
}

interface ZoneSectionProps {
  title: string
  lead: string
  unit: string
  zones: readonly TimedZone[]
  rest: string
  measured: number
}

function ZoneSection({ title, lead, unit, zones, rest, measured }: ZoneSectionProps) {
  const scheme = useComputedColorScheme()
  if (measured === 0) return null
  const most = zones.reduce((a, b) => (b.seconds > a.seconds ? b : a))
  const outside = measured - zones.reduce((sum, { seconds }) => sum + seconds, 0)
  const sentence = [
    most.seconds === 0
      ? `All of it was ${rest}.`
      : `Most of the time was ${most.title.toLowerCase().replace('vo₂', 'VO₂')}: ${hoursAndMinutes(most.seconds)} of ${hoursAndMinutes(measured)}.`,
    most.seconds > 0 && outside >= 30 && `${hoursAndMinutes(outside)} were ${rest}.`,
  ]
  const range = ({ low, high }: TimedZone) =>
    high === Number.POSITIVE_INFINITY ? `${low} and more` : `${low}–${high - 1}`
  return (
    <Section title={title} lead={lead}>
      <Card flush>
        <BarList
          caption={title}
          sentence={sentence.filter(Boolean).join(' ')}
          unit={unit}
          bars={zones.map((zone, index) => ({
            title: zone.title,
            range: range(zone),
            share: zone.seconds / measured,
            words: duration(zone.seconds),
            colour: stepColour(scheme, index / (zones.length - 1)),
          }))}
        />
      </Card>
    </Section>
  )
}
