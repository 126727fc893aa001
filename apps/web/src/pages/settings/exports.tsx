import { Button, Select } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { exportsQuery } from '../../api/queries.ts'
import type { Export } from '../../api/types.ts'
import { Answer } from '../../app/answer.tsx'
import { useFormat } from '../../app/reader.tsx'
import { LoadedShare } from '../../ui/loaded-share.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { explainError } from '../../util/explain-error.ts'
import { counted } from '../../util/import-words.ts'
import { download } from '../../util/path-builder.ts'
import styles from '../row-list.module.css'
import own from './data-sections.module.css'

const formatWords: Record<Export['format'], string> = {
  tributary: 'Everything, to be imported again (zip)',
  csv: 'A table of values (CSV)',
  json: 'JSON',
  ndjson: 'JSON, a value a line',
  parquet: 'Parquet, for analysis',
}
const formats = Object.entries(formatWords).map(([value, label]) => ({ value: value as Export['format'], label }))

const spans = [
  { value: 'all', label: 'All time', days: undefined },
  { value: 'year', label: 'The last year', days: 365 },
  { value: 'month', label: 'The last 30 days', days: 30 },
] as const

const dayMs = 86_400_000

export function Exports() {
  const found = useQuery(exportsQuery)
  return (
    <Section
      title="Exports"
      lead="Your data as a file. It is written on the hub and can be downloaded until it expires."
    >
      <Card>
        <ExportForm />
      </Card>
      <Answer query={found}>
        {({ items }) =>
          items.length === 0 ? null : (
            <Card flush>
              <ul className={styles['rows']}>
                {items.map((one) => (
                  <ExportRow key={one.export_id} export={one} />
                ))}
              </ul>
            </Card>
          )
        }
      </Answer>
    </Section>
  )
}

function ExportForm() {
  const [format, setFormat] = useState<Export['format']>('tributary')
  const [span, setSpan] = useState<string>('all')
  const queries = useQueryClient()
  const make = useMutation({
    mutationFn: () => {
      const days = spans.find(({ value }) => value === span)?.days
      const now = Date.now()
      const range = days && { start_time: instant(now - days * dayMs), end_time: instant(now) }
      return client.createExport({ body: { format, ...range } })
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: exportsQuery.queryKey }),
  })
  return (
    <>
      <div className={own['fields']}>
        <Select
          label="As"
          data={formats}
          value={format}
          onChange={(value) => setFormat(formats.find((one) => one.value === value)?.value ?? 'tributary')}
          allowDeselect={false}
        />
        <Select
          label="From"
          data={spans.map(({ value, label }) => ({ value, label }))}
          value={span}
          onChange={(value) => setSpan(value ?? 'all')}
          allowDeselect={false}
        />
        <Button loading={make.isPending} onClick={() => make.mutate()}>
          Make export
        </Button>
      </div>
      {make.isError && <Trouble {...explainError(make.error)} />}
    </>
  )
}

const instant = (at: number) => new Date(at).toISOString()

function ExportRow({ export: one }: { export: Export }) {
  const format = useFormat()
  const queries = useQueryClient()
  const { export_id, file_name, status, progress, bytes, samples, sessions, reason, created_at, expires_at } = one
  const isGoing = status === 'queued' || status === 'writing'
  const remove = useMutation({
    mutationFn: () => client.deleteExport({ params: { export_id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: exportsQuery.queryKey }),
  })
  const facts = [
    formatWords[one.format],
    format.fullDateTime(created_at),
    ...(status === 'done'
      ? [format.bytes(bytes), counted(format.number(samples), 'value'), counted(format.number(sessions), 'session')]
      : []),
    ...(expires_at ? [`there until ${format.fullDateTime(expires_at)}`] : []),
  ]
  return (
    <li className={styles['row']}>
      <span className={styles['main']}>
        <strong>{file_name}</strong>
        <span className={styles['soft']}>{facts.join(' · ')}</span>
        {isGoing && <LoadedShare label={status === 'queued' ? 'Waits' : 'Writing'} share={progress} />}
      </span>
      {status === 'done' && (
        <Button component="a" href={download.exportFile(export_id)} download={file_name} size="xs" variant="default">
          Download
        </Button>
      )}
      <Button
        variant="default"
        size="xs"
        aria-label={`${isGoing ? 'Stop' : 'Delete'} ${file_name}`}
        loading={remove.isPending}
        onClick={() => remove.mutate()}
      >
        {isGoing ? 'Stop' : 'Delete'}
      </Button>
      {status === 'failed' && <Trouble sentence={reason ?? 'The export could not be written.'} />}
      {remove.isError && <Trouble {...explainError(remove.error)} />}
    </li>
  )
}
