import { Link } from '@tanstack/react-router'
import type { Import } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { Card } from '../../ui/page.tsx'
import { Pill } from '../../ui/pill.tsx'
import { broughtWords, importTitle, importWords } from '../../util/import-words.ts'
import { path } from '../../util/path-builder.ts'
import styles from '../row-list.module.css'

interface ImportListProps {
  items: readonly Import[]
  current: string | undefined
}

export function ImportList({ items, current }: ImportListProps) {
  return (
    <Card flush>
      <ul className={styles['rows']}>
        {items.map((one) => (
          <li key={one.import_id}>
            <Link
              {...path.imports(one.import_id)}
              className={styles['row']}
              aria-current={one.import_id === current || undefined}
            >
              <ImportRow import={one} />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function ImportRow({ import: one }: { import: Import }) {
  const format = useFormat()
  const waiting = one.files_by_status.waiting ?? 0
  const { word, tone } = importWords[waiting > 0 ? 'waiting' : one.status]
  return (
    <>
      <span className={styles['main']}>
        <strong>{importTitle(one, format)}</strong>
        <span className={styles['soft']}>
          {[format.fullDateTime(one.created_at), ...broughtWords(one, format)].join(' · ')}
        </span>
      </span>
      <Pill tone={tone}>{word}</Pill>
    </>
  )
}
