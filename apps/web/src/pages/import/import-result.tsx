import { Button } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { importFilesQuery, importQuery } from '../../api/queries.ts'
import type { Import, ImportFile } from '../../api/types.ts'
import { Answer } from '../../app/answer.tsx'
import { LinkButton } from '../../app/link-button.tsx'
import { useFormat } from '../../app/reader.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { Pill } from '../../ui/pill.tsx'
import { Tile, Tiles } from '../../ui/tile.tsx'
import { fileStatuses, importTitle, importWords, isReading } from '../../util/import-words.ts'
import { path } from '../../util/path-builder.ts'
import { FileResult } from './file-result.tsx'
import styles from './import-result.module.css'
import { TakeBack } from './take-back.tsx'

export function ImportResult({ importId }: { importId: string }) {
  const found = useQuery(importQuery(importId))
  const format = useFormat()
  const title = found.data ? importTitle(found.data, format) : 'This import'
  // All there is to say of one file that is being read stands above, beside its bar.
  if (found.data && isReading(found.data) && found.data.files_total <= 1) return null
  return (
    <Section title={title} actions={found.data && !isReading(found.data) && <Ended import={found.data} />}>
      <Answer query={found}>
        {(one) => (
          <>
            {!isReading(one) && <Totals import={one} />}
            <Files import={one} />
          </>
        )}
      </Answer>
    </Section>
  )
}

function Ended({ import: one }: { import: Import }) {
  return (
    <>
      {one.sessions > 0 && (
        <LinkButton place={path.sessions()} variant="default" size="xs">
          See sessions
        </LinkButton>
      )}
      {one.status !== 'cancelled' && <TakeBack import={one} />}
    </>
  )
}

function Totals({ import: one }: { import: Import }) {
  const format = useFormat()
  const { word, tone } = importWords[one.status]
  return (
    <Tiles>
      <Tile
        label="State"
        value={<Pill tone={tone}>{word}</Pill>}
        note={format.fullDateTime(one.finished_at ?? one.created_at)}
      />
      <Tile label="New values" value={format.number(one.samples)} note={`${format.number(one.records)} records read`} />
      <Tile label="Sessions" value={format.number(one.sessions)} />
      <Tile label="Known already" value={format.number(one.duplicates)} />
      <Tile
        label="Could not be used"
        value={format.number(one.rejected)}
        note={one.rejected > 0 && <Link {...path.quarantine(one.import_id)}>See which and why</Link>}
      />
      {one.deleted > 0 && (
        <Tile label="Deleted" value={format.number(one.deleted)} note="This newer export no longer has them" />
      )}
    </Tiles>
  )
}

/** All of a few; of many those that want something first, and any state by itself. */
function Files({ import: one }: { import: Import }) {
  const format = useFormat()
  const [status, setStatus] = useState<ImportFile['status']>()
  const present = fileStatuses.filter((known) => (one.files_by_status[known] ?? 0) > 0)
  return (
    <Card>
      {present.length > 1 && (
        <fieldset className={styles['filters']}>
          <legend className="visually-hidden">Which files</legend>
          <Filter isOn={status === undefined} onClick={() => setStatus(undefined)}>
            All {format.number(one.files_total)}
          </Filter>
          {present.map((known) => (
            <Filter key={known} isOn={status === known} onClick={() => setStatus(known)}>
              {importWords[known].word} {format.number(one.files_by_status[known] ?? 0)}
            </Filter>
          ))}
        </fieldset>
      )}
      {status ? <FilesOf import={one} status={status} /> : <FirstFiles import={one} />}
    </Card>
  )
}

interface FilterProps {
  isOn: boolean
  onClick: () => void
  children: React.ReactNode
}

function Filter({ isOn, onClick, children }: FilterProps) {
  return (
    <button type="button" className={styles['filter']} aria-pressed={isOn} onClick={onClick}>
      {children}
    </button>
  )
}

function FirstFiles({ import: one }: { import: Import }) {
  const format = useFormat()
  const { files, files_total } = one
  return (
    <>
      {files_total > files.length && (
        <p className={styles['facts']}>
          {format.number(files.length)} of {format.number(files_total)} files, first those that were not imported whole.
          Choose a state above to see all of them.
        </p>
      )}
      <FileList import={one} files={files} />
    </>
  )
}

function FilesOf({ import: one, status }: { import: Import; status: ImportFile['status'] }) {
  const found = useInfiniteQuery(importFilesQuery(one.import_id, status))
  return (
    <Answer query={found}>
      {({ pages }) => (
        <>
          <FileList import={one} files={pages.flatMap(({ items }) => items)} />
          {found.hasNextPage && (
            <Button
              variant="default"
              mt="md"
              loading={found.isFetchingNextPage}
              onClick={() => void found.fetchNextPage()}
            >
              Show more
            </Button>
          )}
        </>
      )}
    </Answer>
  )
}

function FileList({ import: { import_id }, files }: { import: Import; files: readonly ImportFile[] }) {
  return (
    <ul className={styles['files']}>
      {files.map((file) => (
        // A file that is in an import twice has two places.
        <FileResult key={file.position} importId={import_id} file={file} />
      ))}
    </ul>
  )
}
