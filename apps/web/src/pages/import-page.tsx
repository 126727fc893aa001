import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { importsQuery, meQuery } from '../api/queries.ts'
import { addUploads, forgetArrival, useUploads } from '../api/uploads.ts'
import { Answer } from '../app/answer.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Page, Section } from '../ui/page.tsx'
import { counted, isReading } from '../util/import-words.ts'
import { path } from '../util/path-builder.ts'
import { DropZone } from './import/drop-zone.tsx'
import { ImportList } from './import/import-list.tsx'
import { ImportResult } from './import/import-result.tsx'
import { KnownTables } from './import/known-tables.tsx'
import { UnderWay } from './import/under-way.tsx'
import { UnusedNotice } from './import/unused-notice.tsx'
import { useRereadWhenDone } from './import/use-reread-when-done.ts'
import { WhereFrom } from './import/where-from.tsx'

function NoImports() {
  return (
    <EmptyState icon="file" title="No imports yet">
      Every import is kept in a list here: what was read from each file, what was new, and what could not be used and
      why.
    </EmptyState>
  )
}

export function ImportPage() {
  const { id }: { id?: string } = useSearch({ strict: false })
  const { user_id: userId } = useSuspenseQuery(meQuery).data
  const imports = useInfiniteQuery(importsQuery)
  const items = imports.data?.pages.flatMap((page) => page.items) ?? []
  const active = items.filter(isReading)
  const ended = items.filter((one) => !isReading(one))
  useRereadWhenDone(active)
  useShowArrival()

  const send = (files: readonly File[]) => {
    const { leftOut } = addUploads(userId, files)
    if (leftOut > 0) {
      const which = counted(String(leftOut), 'file was left out: only', 'files were left out: only')
      notifications.show({ message: `${which} the operating system reads such files.` })
    }
  }
  return (
    <Page
      title="Import"
      lead="Exports of other apps, recorded activities and tables of your own. The same file twice adds nothing twice."
    >
      <DropZone onFiles={send} />
      <UnderWay userId={userId} imports={active} onFiles={send} />
      {id && <ImportResult key={id} importId={id} />}
      <Section title="Earlier imports" lead={<UnusedNotice />}>
        <Answer query={imports}>
          {() => (ended.length === 0 ? <NoImports /> : <ImportList items={ended} current={id} />)}
        </Answer>
        {imports.hasNextPage && (
          <div>
            <Button variant="default" loading={imports.isFetchingNextPage} onClick={() => void imports.fetchNextPage()}>
              Show older ones
            </Button>
          </div>
        )}
      </Section>
      <WhereFrom />
      <KnownTables />
    </Page>
  )
}

/** What has just arrived is what one wants to see; its id goes into the address, so that a reload comes back to it. */
function useShowArrival(): void {
  const { arrived, uploads } = useUploads()
  const navigate = useNavigate()
  useEffect(() => {
    if (!arrived || uploads.length > 0) return
    forgetArrival()
    void navigate({ ...path.imports(arrived), resetScroll: false })
  }, [arrived, uploads.length, navigate])
}
