import { useEffect, useRef } from 'react'
import type { DryRun } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { Pill } from '../../ui/pill.tsx'
import type { Format } from '../../util/format.ts'
import { metricTitle } from '../../util/metric-words.ts'
import styles from './connections.module.css'
import own from './custom-form.module.css'

type Reading = DryRun['readings'][number]
type Rejection = DryRun['rejections'][number]
type Request = DryRun['requests'][number]

/** What a dry run found: list by list in a sentence, then value by value. */
export function DryRunResult({ run, isOfAnother }: { run: DryRun; isOfAnother: boolean }) {
  const format = useFormat()
  const place = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each run's result is shown when it comes.
  useEffect(() => {
    place.current?.scrollIntoView({ block: 'nearest' }) // newer browsers answer with a promise, which is no clean-up
  }, [run])
  return (
    <div ref={place} className={own['result']}>
      {isOfAnother && (
        <p role="status" className={own['stale']}>
          You have changed the definition since. This is what it gave before: make another dry run.
        </p>
      )}
      <Section title="What would be stored" lead="Nothing of it was kept.">
        <Card>
          <ul className={`${styles['feeds']} ${own['lists']}`} aria-live="polite">
            {run.feeds.map((feed) => (
              <li key={feed.feed}>
                <span className={styles['name']}>
                  <strong>{feed.feed}</strong>
                  <span className={styles['soft']}>{feed.error_message ?? countsOf(feed, format)}</span>
                </span>
                <FeedPill feed={feed} />
              </li>
            ))}
          </ul>
        </Card>
      </Section>
      {run.readings.length > 0 && (
        <Section title="Values" lead={leadOf(run.readings.length, total(run, 'readings'), format)}>
          <Card flush>
            <DataTable
              caption="Values that would be stored"
              columns={valueColumns(format)}
              rows={run.readings}
              keyOf={(_, index) => String(index)}
              maxHeight={480}
            />
          </Card>
        </Section>
      )}
      {run.rejections.length > 0 && (
        <Section title="What would not be" lead={leadOf(run.rejections.length, total(run, 'rejected'), format)}>
          <Card flush>
            <DataTable
              caption="Records that would not be stored, and why"
              columns={rejectionColumns}
              rows={run.rejections}
              keyOf={(_, index) => String(index)}
              maxHeight={480}
            />
          </Card>
        </Section>
      )}
      {run.requests.length > 0 && (
        <Section title="What was asked">
          <Card flush>
            <DataTable
              caption="Requests that the dry run made"
              columns={requestColumns}
              rows={run.requests}
              keyOf={(_, index) => String(index)}
            />
          </Card>
        </Section>
      )}
    </div>
  )
}

const total = ({ feeds }: DryRun, of: 'readings' | 'rejected') => feeds.reduce((sum, feed) => sum + feed[of], 0)

const leadOf = (shown: number, all: number, format: Format) =>
  all > shown ? `The first ${format.number(shown)} of ${format.number(all)}.` : undefined

const counted = (n: number, one: string, format: Format) => `${format.number(n)} ${one}${n === 1 ? '' : 's'}`

function countsOf({ records, readings, rejected, has_more }: DryRun['feeds'][number], format: Format): string {
  if (!records) return 'It answered, and no record was found in the answer. Look at “records”.'
  const parts = [
    `${counted(records, 'record', format)} became ${counted(readings, 'value', format)}`,
    ...(rejected ? [`${format.number(rejected)} not usable`] : []),
    ...(has_more ? ['there is more that a sync would read'] : []),
  ]
  return `${parts.join(', ')}.`
}

function FeedPill({ feed: { error_code, readings, rejected } }: { feed: DryRun['feeds'][number] }) {
  if (error_code) return <Pill tone="bad">Not read</Pill>
  if (!readings) return <Pill tone="warn">Nothing to store</Pill>
  return rejected ? <Pill tone="warn">In part</Pill> : <Pill tone="good">Good</Pill>
}

const valueColumns = (format: Format): Column<Reading>[] => [
  { title: 'Metric', cell: ({ metric }) => metricTitle(metric) },
  { title: 'Value', cell: ({ metric, value }) => format.value(metric, value), numeric: true },
  { title: 'When', cell: (reading) => whenOf(reading, format) },
  { title: 'Zone', cell: ({ utc_offset_minutes }) => zoneOf(utc_offset_minutes) },
  { title: 'List', cell: ({ feed }) => feed },
]

const rejectionColumns: Column<Rejection>[] = [
  { title: 'Why', cell: ({ detail }) => detail },
  { title: 'Record', cell: ({ record }) => `no. ${record + 1}` },
  { title: 'List', cell: ({ feed }) => feed },
]

const requestColumns: Column<Request>[] = [
  { title: 'Answer', cell: ({ status }) => status ?? 'none' },
  { title: 'Address', cell: ({ method, address }) => `${method} ${address}` },
  { title: 'List', cell: ({ feed }) => feed },
]

function whenOf({ time, end_time, date, utc_offset_minutes: offset }: Reading, format: Format): string {
  // A date is the same day everywhere.
  if (date)
    return new Intl.DateTimeFormat(format.locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(date))
  if (!time) return '–'
  const start = format.longDateTime(time, offset)
  return end_time ? `${start} to ${format.time(end_time, offset)}` : start
}

function zoneOf(minutes: number | null): string {
  if (minutes === null) return 'not said'
  const size = Math.abs(minutes)
  const rest = size % 60 ? `:${String(size % 60).padStart(2, '0')}` : ''
  return `UTC${minutes < 0 ? '−' : '+'}${Math.floor(size / 60)}${rest}`
}
