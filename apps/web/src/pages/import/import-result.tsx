import { Progress } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { importQuery } from '../../api/queries.ts'
import type { Import, ImportFile } from '../../api/types.ts'
import { Answer } from '../../app/answer.tsx'
import { useFormat } from '../../app/reader.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { Pill } from '../../ui/pill.tsx'
import { duration } from '../../util/format.ts'
import { counted, importWords, isReading } from '../../util/import-words.ts'
import { path } from '../../util/path-builder.ts'
import styles from './import-result.module.css'

export function ImportResult({ importId }: { importId: string }) {
  const found = useQuery(importQuery(importId))
  useRereadWhenDone(found.data)
  return (
    <Section title="This import">
      <Answer query={found}>
        {(one) => (
          <Card>
            {isReading(one) && <Reading import={one} />}
            <ul className={styles['files']}>
              {one.files.map((file) => (
                <FileResult key={file.file_id} file={file} />
              ))}
            </ul>
          </Card>
        )}
      </Answer>
    </Section>
  )
}

/** What an import brings changes almost every page. */
function useRereadWhenDone(found: Import | undefined): void {
  const queries = useQueryClient()
  const done = found && !isReading(found)
  useEffect(() => {
    if (done)
      void queries.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] !== 'me' && queryKey[1] !== found?.import_id,
      })
  }, [done, found?.import_id, queries])
}

function Reading({ import: { bytes, bytes_total, records, eta_seconds } }: { import: Import }) {
  const format = useFormat()
  return (
    <div className={styles['reading']}>
      <p className="tabular" role="status">
        Reading: {format.bytes(bytes)} of {format.bytes(bytes_total)}, {counted(format.number(records), 'record')} so
        far
        {eta_seconds !== null && `, about ${duration(eta_seconds)} left`}
      </p>
      <Progress.Root size="lg">
        <Progress.Section value={bytes_total ? (100 * bytes) / bytes_total : 0} aria-label="Reading" />
      </Progress.Root>
    </div>
  )
}

function FileResult({ file }: { file: ImportFile }) {
  const format = useFormat()
  const { word, tone } = importWords[file.status]
  return (
    <li className={styles['file']}>
      <span className={styles['icon']}>
        <Icon name="file" size={22} />
      </span>
      <div className={styles['words']}>
        <div className={styles['head']}>
          <strong>{file.name}</strong>
          <Pill tone={tone}>{word}</Pill>
        </div>
        <p className={styles['facts']}>{factsOf(file, format.number, format.bytes).join(' · ')}</p>
        {file.reason && <p className={styles['reason']}>{file.reason}</p>}
        {file.warnings.map(({ code, detail }) => (
          <p key={`${code} ${detail}`} className={styles[harmless.has(code) ? 'facts' : 'note']}>
            {detail}
          </p>
        ))}
        <Rejections file={file} />
        {file.session_ids.map((sessionId, index) => (
          <p key={sessionId} className={styles['link']}>
            <Link {...path.session(sessionId)}>
              {file.session_ids.length > 1 ? `Open session ${index + 1}` : 'Open the session'} →
            </Link>
          </p>
        ))}
      </div>
    </li>
  )
}

/** Notes that ask for nothing: the file was read as it should be. */
const harmless = new Set(['device_made', 'fields_unused'])

function factsOf(file: ImportFile, number: (value: number) => string, bytes: (value: number) => string): string[] {
  const count = (value: number, one: string, many?: string) => (value > 0 ? [counted(number(value), one, many)] : [])
  return [
    ...(file.format ? [file.format.toUpperCase()] : []),
    bytes(file.bytes),
    ...count(file.sessions, 'session'),
    ...count(file.samples, 'new value'),
    ...count(file.changed, 'changed value'),
    ...count(file.duplicates, 'value known already', 'values known already'),
    ...count(file.rejected, 'value refused', 'values refused'),
  ]
}

function Rejections({ file: { rejections, rejected } }: { file: ImportFile }) {
  const format = useFormat()
  if (rejections.length === 0) return null
  return (
    <details className={styles['rejections']}>
      <summary>Why {counted(format.number(rejected), 'value was', 'values were')} refused</summary>
      <ul>
        {rejections.map(({ index, detail }) => (
          <li key={`${index} ${detail}`}>
            Record {format.number(index + 1)}: {detail}
          </li>
        ))}
      </ul>
    </details>
  )
}
