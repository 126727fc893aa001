import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useRef } from 'react'
import { client } from '../../api/client.ts'
import { importQuery, quarantineQuery } from '../../api/queries.ts'
import type { Quarantined } from '../../api/types.ts'
import { Answer } from '../../app/answer.tsx'
import { LinkButton } from '../../app/link-button.tsx'
import { useFormat } from '../../app/reader.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Card, Page } from '../../ui/page.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { explainError } from '../../util/explain-error.ts'
import { counted, importTitle } from '../../util/import-words.ts'
import { path } from '../../util/path-builder.ts'
import { GiveUp } from './give-up.tsx'
import { fromWords } from './kinds-of.ts'
import styles from './quarantine.module.css'
import { Kinds } from './quarantine-kinds.tsx'

function NothingUnused() {
  return (
    <EmptyState
      icon="check"
      title="Everything could be used"
      action={<LinkButton place={path.imports()}>Back to imports</LinkButton>}
    >
      When a record makes no sense, such as a heart rate of 900 or a date that cannot be read, it waits here with its
      reason instead of being lost. A single figure of a workout or a night that cannot be is named with its import: the
      rest is kept without it, and its file as it came.
    </EmptyState>
  )
}

export function QuarantinePage() {
  const { import: importId }: { import?: string } = useSearch({ strict: false })
  const records = useInfiniteQuery(quarantineQuery(importId))
  const format = useFormat()
  const total = records.data?.pages[0]?.total
  return (
    <Page
      above={<Link {...path.imports(importId)}>← Import</Link>}
      title="Records that could not be used"
      lead={
        total
          ? `${counted(format.number(total), 'record')}, the newest first. Nothing here is in your charts.`
          : undefined
      }
      actions={importId && <OfOneImport importId={importId} />}
    >
      <Answer query={records}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items)
          return items.length === 0 ? <NothingUnused /> : <Records items={items} />
        }}
      </Answer>
      {records.hasNextPage && (
        <div>
          <Button variant="default" loading={records.isFetchingNextPage} onClick={() => void records.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </Page>
  )
}

function OfOneImport({ importId }: { importId: string }) {
  const format = useFormat()
  const found = useQuery(importQuery(importId)).data
  return (
    <>
      {found && <span className={styles['only']}>Of {importTitle(found, format)}</span>}
      <LinkButton place={path.quarantine()} variant="default" size="xs">
        Show those of all imports
      </LinkButton>
    </>
  )
}

function Records({ items }: { items: readonly Quarantined[] }) {
  const list = useRef<HTMLUListElement>(null)
  /** The row under the keyboard is about to go; the keyboard goes to the one after it, not to the top of the page. */
  const leave = (at: number) => {
    const rows = [...(list.current?.children ?? [])]
    const next = rows[at + 1] ?? rows[at - 1]
    const target = next?.querySelector('button') ?? document.getElementById('main')
    target?.focus()
  }
  return (
    <>
      <Kinds items={items} onDone={() => document.getElementById('main')?.focus()} />
      <Card flush>
        <ul ref={list} className={styles['rows']} aria-label="Record by record">
          {items.map((record, at) => (
            <Record key={record.record_id} record={record} onLeave={() => leave(at)} />
          ))}
        </ul>
      </Card>
    </>
  )
}

function Record({ record, onLeave }: { record: Quarantined; onLeave: () => void }) {
  const format = useFormat()
  const queries = useQueryClient()
  const { record_id, detail, place, raw, created_at } = record
  const title = `record ${format.number(place + 1)} of ${fromWords(record)}`
  const reread = async () => {
    onLeave()
    await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' })
  }
  const retry = useMutation({
    mutationFn: () => client.replayQuarantined({ params: { record_id } }),
    onSuccess: async ({ used }) => {
      if (!used) return queries.invalidateQueries({ queryKey: ['quarantine'] })
      notifications.show({ message: 'It can be used now, and is in your data.' })
      return reread()
    },
  })
  const giveUp = useMutation({
    mutationFn: () => client.deleteQuarantined({ params: { record_id } }),
    onSuccess: reread,
  })
  return (
    <li className={styles['row']}>
      <p className={styles['reason']}>{detail}</p>
      <p className={styles['from']}>
        {[`Record ${format.number(place + 1)}`, fromWords(record), format.fullDateTime(created_at)].join(' · ')}
      </p>
      <details className={styles['raw']}>
        <summary>As it came</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a stretch that scrolls must be reachable by keyboard. */}
        <pre tabIndex={0}>{pretty(raw)}</pre>
      </details>
      <div className={styles['buttons']}>
        <Button
          variant="default"
          size="xs"
          aria-label={`Try again: ${title}`}
          loading={retry.isPending}
          onClick={() => retry.mutate()}
        >
          Try again
        </Button>
        <GiveUp label="Give it up" title={title} isPending={giveUp.isPending} onGiveUp={() => giveUp.mutate()} />
        {retry.data && !retry.data.used && (
          <span className={styles['still']} role="status">
            It still cannot be used.
          </span>
        )}
      </div>
      {retry.isError && <Trouble {...explainError(retry.error)} />}
      {giveUp.isError && <Trouble {...explainError(giveUp.error)} />}
    </li>
  )
}

function pretty(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2)
  } catch {
    return raw // a line of a table, or XML
  }
}
