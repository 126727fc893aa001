import { Link } from '@tanstack/react-router'
import type { Import } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { Card } from '../../ui/page.tsx'
import { Pill } from '../../ui/pill.tsx'
import { counted, importWords } from '../../util/import-words.ts'
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

function ImportRow({ import: { files, created_at, status } }: { import: Import }) {
  const format = useFormat()
  const { word, tone } = importWords[status]
  const sessions = files.reduce((sum, file) => sum + file.sessions, 0)
  const first = files[0]?.name ?? 'Nothing'
  return (
    <>
      <span className={styles['main']}>
        <strong>{files.length > 1 ? `${first} and ${format.number(files.length - 1)} more` : first}</strong>
        <span className={styles['soft']}>
          {format.dateTime(created_at)}
          {sessions > 0 && ` · ${counted(format.number(sessions), 'session')}`}
        </span>
      </span>
      <Pill tone={tone}>{word}</Pill>
    </>
  )
}
