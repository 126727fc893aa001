import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Session, SessionRecord } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { Pill } from '../../ui/pill.tsx'
import { duration, type Format } from '../../util/format.ts'
import { download, path } from '../../util/path-builder.ts'
import { formatWords, totalTitle } from '../../util/session-words.ts'
import styles from './records.module.css'

/** Everything that tells of this one session, what is shown and why, and the files it came from. */
export function Records({ session }: { session: Session }) {
  const { records } = session
  return (
    <Section title="Records" lead={leadOf(session)}>
      <Card flush>
        <ul className={styles['records']}>
          {records.map((record) => (
            <Row key={record.session_id} record={record} session={session} />
          ))}
        </ul>
        <Derived session={session} />
      </Card>
    </Section>
  )
}

/** In the order of the server's rule. */
function leadOf({ records, type }: Session): string {
  if (records.length === 1) return 'Where this session comes from.'
  const rule =
    type === 'sleep'
      ? 'the one with the most sleep in stages'
      : 'a FIT file before TCX and GPX, a recording before what was entered by hand, and of two alike the fuller one'
  return `${records.length} records tell of this session; it counts once. Shown is the one that says most: ${rule}. What it lacks, such as a route, is taken from the next.`
}

function Row({ record, session }: { record: SessionRecord; session: Session }) {
  const format = useFormat()
  const { utc_offset_minutes: offset } = session
  const seconds = (Date.parse(record.end_time) - Date.parse(record.start_time)) / 1_000
  const isThis = record.session_id === session.session_id
  return (
    <li className={styles['record']}>
      <span className={styles['main']}>
        <strong>{record.source.name}</strong>
        <span className={styles['soft']}>
          {[
            record.source.kind === 'manual' ? 'Entered by hand' : formatWords(record.format),
            record.file_name,
            timesOf(record, offset, format),
            duration(seconds),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </span>
      {session.records.length > 1 && record.is_shown && <Pill tone="good">Shown</Pill>}
      <span className={styles['links']}>
        {!isThis && <Link {...path.session(record.session_id)}>Look at it by itself</Link>}
        {record.import_id && <Link {...path.imports(record.import_id)}>Its import</Link>}
        {record.source.device_id && <Link {...path.device(record.source.device_id)}>Its device</Link>}
        {record.has_file && (
          <Anchor href={download.sessionFile(record.session_id)} download={record.file_name ?? true}>
            <Icon name="download" size={16} /> Download
            <span className="visually-hidden"> the file of {record.source.name}</span>
          </Anchor>
        )}
      </span>
    </li>
  )
}

const timesOf = ({ start_time, end_time }: SessionRecord, offset: number | null, format: Format) =>
  `${format.time(start_time, offset)}–${format.time(end_time, offset)}`

/** Figures that no source states. */
function Derived({ session: { derived } }: { session: Session }) {
  if (derived.length === 0) return null
  const names = derived.map((name) => totalTitle(name).toLowerCase())
  return (
    <p className={styles['derived']}>
      Worked out from what was measured, because the record does not state {derived.length === 1 ? 'it' : 'them'}:{' '}
      {names.join(', ')}.
    </p>
  )
}
