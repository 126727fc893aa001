import { useElementSize } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useId, useMemo } from 'react'
import { allPoints, streamsQuery } from '../../api/queries.ts'
import type { Session, Streams } from '../../api/types.ts'
import { Answer } from '../../app/answer.tsx'
import { useFormat } from '../../app/reader.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { InWords } from '../../ui/in-words.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { Tile, Tiles } from '../../ui/tile.tsx'
import { sentenceCase } from '../../util/device-words.ts'
import { duration, type Format } from '../../util/format.ts'
import styles from './ecg.module.css'
import { type Extremes, extremesOf, halfHeight, millimetresPerSecond, type Strip, stripsOf } from './ecg-strips.ts'

export function Ecg({ session }: { session: Session }) {
  const streams = useQuery(streamsQuery(session.session_id, allPoints))
  return (
    <>
      <Facts session={session} />
      <Answer query={streams} loading={<Loading rows={3} height={140} />}>
        {(found) => <Trace streams={found} session={session} />}
      </Answer>
    </>
  )
}

function Facts({ session: { activity_data, totals, start_time, end_time } }: { session: Session }) {
  const format = useFormat()
  const { classification, symptoms, sample_rate, lead } = activity_data
  const seconds = totals['duration'] ?? (Date.parse(end_time) - Date.parse(start_time)) / 1_000
  const rate = totals['heart_rate_avg']
  const felt = Array.isArray(symptoms) ? symptoms.filter((one) => typeof one === 'string') : []
  return (
    <>
      <Tiles>
        {typeof classification === 'string' && (
          <Tile
            label="What the device says"
            value={sentenceCase(classification)}
            note="its own word, not a diagnosis"
          />
        )}
        {rate !== undefined && <Tile label="Average heart rate" value={format.value('heart_rate', rate)} />}
        <Tile label="Length" value={duration(seconds)} />
        {typeof sample_rate === 'number' && <Tile label="Values a second" value={format.number(sample_rate)} />}
        {typeof lead === 'string' && <Tile label="Lead" value={lead} />}
        {felt.length > 0 && <Tile label="Symptoms" value={felt.join(', ')} />}
      </Tiles>
      <p className={styles['notice']}>
        This is what a device recorded, for you and those you show it to. It is not a diagnosis. If you feel unwell, ask
        a doctor and do not wait for a chart.
      </p>
    </>
  )
}

/** As many seconds on a strip as can be read on this screen. */
const secondsFor = (width: number) => (width >= 820 ? 10 : width >= 520 ? 6 : 3)

function Trace({ streams, session }: { streams: Streams; session: Session }) {
  const format = useFormat()
  const { ref, width } = useElementSize()
  const volts = streams.streams['ecg_voltage']?.values
  const begin = Date.parse(session.start_time)
  const seconds = secondsFor(width)
  const time = useMemo(() => streams.time.map((at) => Date.parse(at) - begin), [streams, begin])
  const strips = useMemo(
    () => (volts && width > 0 ? stripsOf(time, volts, seconds) : []),
    [volts, time, seconds, width],
  )
  const extremes = useMemo(() => (volts ? extremesOf(time, volts) : []), [time, volts])
  if (!volts) {
    return (
      <Section title="Trace">
        <Card>
          <p className={styles['none']}>The source sent no trace, only that an ECG was taken.</p>
        </Card>
      </Section>
    )
  }
  return (
    <Section
      title="Trace"
      lead={`25 mm/s, 10 mm/mV: a small square is 0.04 s and 0.1 mV. ${seconds} seconds on each strip.`}
    >
      <Card>
        <div ref={ref} className={styles['strips']}>
          {strips.map((strip) => (
            <Paper key={strip.from} strip={strip} half={halfHeight(volts)} />
          ))}
        </div>
        <InWords
          of="trace"
          sentence={sentenceOf(extremes, format)}
          table={() => (
            <DataTable
              caption="The trace, second by second"
              columns={columnsIn(format)}
              rows={extremes}
              keyOf={({ second }) => String(second)}
              maxHeight={420}
            />
          )}
        />
      </Card>
    </Section>
  )
}

const millivolts = (microvolts: number, format: Format) => `${format.number(microvolts / 1_000, 2)} mV`

function sentenceOf(seconds: readonly Extremes[], format: Format): string {
  const low = Math.min(...seconds.map((one) => one.low))
  const high = Math.max(...seconds.map((one) => one.high))
  return `The trace lies between ${millivolts(low, format)} and ${millivolts(high, format)}.`
}

const columnsIn = (format: Format): Column<Extremes>[] => [
  { title: 'Second', cell: ({ second }) => format.number(second) },
  { title: 'Lowest', cell: ({ low }) => millivolts(low, format), numeric: true },
  { title: 'Highest', cell: ({ high }) => millivolts(high, format), numeric: true },
]

function Paper({ strip: { from, seconds, path }, half }: { strip: Strip; half: number }) {
  const id = useId()
  const width = seconds * millimetresPerSecond
  return (
    <figure className={styles['strip']}>
      <svg
        viewBox={`0 ${-half} ${width} ${2 * half}`}
        role="img"
        aria-label={`ECG from second ${from} to second ${from + seconds}`}
      >
        <defs>
          <pattern id={`${id}small`} width="1" height="1" patternUnits="userSpaceOnUse">
            <path d="M1 0H0V1" className={styles['small']} />
          </pattern>
          <pattern id={`${id}large`} width="5" height="5" patternUnits="userSpaceOnUse">
            <path d="M5 0H0V5" className={styles['large']} />
          </pattern>
        </defs>
        <rect y={-half} width={width} height={2 * half} fill={`url(#${id}small)`} />
        <rect y={-half} width={width} height={2 * half} fill={`url(#${id}large)`} />
        <path d={path} className={styles['trace']} />
      </svg>
      <figcaption>{from} s</figcaption>
    </figure>
  )
}
