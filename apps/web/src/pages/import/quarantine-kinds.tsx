import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import type { Quarantined } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { Card } from '../../ui/page.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { explainError } from '../../util/explain-error.ts'
import { counted } from '../../util/import-words.ts'
import { GiveUp } from './give-up.tsx'
import { fromWords, isOfKind, type Kind, kindsOf } from './kinds-of.ts'
import styles from './quarantine.module.css'

/** Records that wait for one reason and came from one place, tried again or given up together. */
export function Kinds({ items, onDone }: { items: readonly Quarantined[]; onDone: () => void }) {
  const kinds = kindsOf(items)
  if (!kinds.length) return null
  return (
    <Card flush>
      <ul className={styles['rows']} aria-label="Of one kind">
        {kinds.map((kind) => (
          <KindRow key={kind.key} kind={kind} onDone={onDone} />
        ))}
      </ul>
    </Card>
  )
}

function KindRow({ kind, onDone }: { kind: Kind; onDone: () => void }) {
  const format = useFormat()
  const queries = useQueryClient()
  const title = `${fromWords(kind)}: ${kind.detail}`
  const reread = () => queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' })
  const together = (one: (record_id: string) => Promise<boolean>) => async () => {
    const ids = await everyOf(kind)
    let done = 0
    for (const id of ids) if (await one(id)) done++
    return { done, all: ids.length }
  }
  const options = {
    onSettled: async () => {
      await reread()
      onDone()
    },
  }
  const retry = useMutation({
    mutationFn: together(async (record_id) => (await client.replayQuarantined({ params: { record_id } })).used),
    ...options,
  })
  const giveUp = useMutation({
    mutationFn: together(async (record_id) => {
      await client.deleteQuarantined({ params: { record_id } })
      return true
    }),
    ...options,
  })
  return (
    <li className={styles['row']}>
      <p className={styles['reason']}>{kind.detail}</p>
      <p
        className={styles['from']}
      >{`${counted(format.number(kind.shown), 'record')} shown of this kind · ${fromWords(kind)}`}</p>
      <div className={styles['buttons']}>
        <Button
          variant="default"
          size="xs"
          aria-label={`Try all of them again: ${title}`}
          loading={retry.isPending}
          onClick={() => retry.mutate()}
        >
          Try all of them again
        </Button>
        <GiveUp
          label="Give all of them up"
          title={title}
          isPending={giveUp.isPending}
          onGiveUp={() => giveUp.mutate()}
        />
        {retry.data && (
          <span className={styles['still']} role="status">
            {`${format.number(retry.data.done)} of ${format.number(retry.data.all)} can be used now.`}
          </span>
        )}
      </div>
      {retry.isError && <Trouble {...explainError(retry.error)} />}
      {giveUp.isError && <Trouble {...explainError(giveUp.error)} />}
    </li>
  )
}

/** Those that are not shown yet as well. */
async function everyOf(kind: Kind): Promise<string[]> {
  const { code, connection_id, import_id } = kind
  const ids: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: Awaited<ReturnType<typeof client.listQuarantine>> = await client.listQuarantine({
      query: {
        ...{ limit: 500, code },
        ...(connection_id && { connection_id }),
        ...(import_id && { import_id }),
        ...(cursor && { cursor }),
      },
    })
    ids.push(...page.items.filter((record) => isOfKind(record, kind)).map(({ record_id }) => record_id))
    cursor = page.next_cursor
  }
  return ids
}
