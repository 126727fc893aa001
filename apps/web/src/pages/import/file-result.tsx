import { Link } from '@tanstack/react-router'
import type { ImportFile } from '../../api/types.ts'
import { LinkButton } from '../../app/link-button.tsx'
import { useFormat } from '../../app/reader.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Pill } from '../../ui/pill.tsx'
import { broughtWords, formatWord, importWords } from '../../util/import-words.ts'
import { path } from '../../util/path-builder.ts'
import styles from './import-result.module.css'

/** Links to so many sessions of one file; an archive of years has thousands, which the list of sessions shows better. */
const mostLinks = 5

/** Notes that ask for nothing: the file was read as it should be. */
const harmless = new Set(['device_made', 'fields_unused'])

export function FileResult({ importId, file }: { importId: string; file: ImportFile }) {
  const format = useFormat()
  const { word, tone } = importWords[file.status]
  const facts = [
    ...(file.format ? [formatWord(file.format)] : []),
    format.bytes(file.bytes),
    ...broughtWords(file, format),
  ]
  return (
    <li className={styles['file']}>
      <span className={styles['icon']}>
        <Icon name={file.format === 'csv' ? 'table' : 'file'} size={22} />
      </span>
      <div className={styles['words']}>
        <div className={styles['head']}>
          <strong>{file.name}</strong>
          <Pill tone={tone}>{word}</Pill>
        </div>
        <p className={styles['facts']}>{facts.join(' · ')}</p>
        {file.reason && (
          <p className={styles[file.status === 'failed' ? 'reason' : 'note']}>{sentenceOf(file.reason)}</p>
        )}
        {file.warnings.map(({ code, detail }) => (
          <p key={`${code} ${detail}`} className={styles[harmless.has(code) ? 'facts' : 'note']}>
            {sentenceOf(detail)}
          </p>
        ))}
        {file.status === 'waiting' && (
          <LinkButton place={path.importTable(importId, file.position)} size="xs" mt="xs">
            Say what its columns are
          </LinkButton>
        )}
        <Rejections importId={importId} file={file} />
        <SessionLinks ids={file.session_ids} />
      </div>
    </li>
  )
}

/** What is said of a file begins in small letters where it may stand behind a name. */
const sentenceOf = (said: string) => said.charAt(0).toUpperCase() + said.slice(1)

function SessionLinks({ ids }: { ids: readonly string[] }) {
  const format = useFormat()
  if (ids.length > mostLinks) {
    return (
      <p className={styles['link']}>
        <Link {...path.sessions()}>See all {format.number(ids.length)} in the list of sessions →</Link>
      </p>
    )
  }
  return ids.map((sessionId, index) => (
    <p key={sessionId} className={styles['link']}>
      <Link {...path.session(sessionId)}>{ids.length > 1 ? `Open session ${index + 1}` : 'Open the session'} →</Link>
    </p>
  ))
}

function Rejections({ importId, file: { rejections, rejected } }: { importId: string; file: ImportFile }) {
  const format = useFormat()
  if (rejections.length === 0) return null
  return (
    <details className={styles['rejections']}>
      <summary>Why {rejected === 1 ? 'a record' : `${format.number(rejected)} records`} could not be used</summary>
      <ul>
        {rejections.map(({ index, detail }) => (
          <li key={`${index} ${detail}`}>
            Record {format.number(index + 1)}: {detail}
          </li>
        ))}
      </ul>
      <Link {...path.quarantine(importId)}>Look at them one by one</Link>
    </details>
  )
}
