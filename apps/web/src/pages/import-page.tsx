import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { importsQuery } from '../api/queries.ts'
import { type UploadProgress, uploadFiles } from '../api/upload.ts'
import { Answer } from '../app/answer.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Page, Section } from '../ui/page.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { type Explained, explainError } from '../util/explain-error.ts'
import { path } from '../util/path-builder.ts'
import { DropZone } from './import/drop-zone.tsx'
import { ImportList } from './import/import-list.tsx'
import { ImportResult } from './import/import-result.tsx'
import { UploadBar } from './import/upload-bar.tsx'

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
  const imports = useQuery(importsQuery)
  const upload = useUpload()
  return (
    <Page
      title="Import"
      lead="Recorded activities as FIT, TCX or GPX, also packed as .gz. The same file twice adds nothing twice."
    >
      <DropZone busy={upload.progress !== undefined} onFiles={(files) => void upload.send(files)} />
      {upload.progress && <UploadBar progress={upload.progress} onCancel={upload.cancel} />}
      {upload.trouble && <Trouble {...upload.trouble} />}
      {id && <ImportResult importId={id} />}
      <Section title="Earlier imports">
        <Answer query={imports}>
          {({ items }) => (items.length === 0 ? <NoImports /> : <ImportList items={items} current={id} />)}
        </Answer>
      </Section>
    </Page>
  )
}

/** One upload at a time; its import's id goes into the address, so that a reload comes back to it. */
function useUpload() {
  const [progress, setProgress] = useState<UploadProgress>()
  const [trouble, setTrouble] = useState<Explained>()
  const cancelling = useRef(new AbortController())
  const queries = useQueryClient()
  const navigate = useNavigate()

  const send = async (files: readonly File[]) => {
    cancelling.current = new AbortController()
    const { signal } = cancelling.current
    setTrouble(undefined)
    setProgress({ sent: 0, total: files.reduce((sum, { size }) => sum + size, 0) })
    try {
      const { import_id } = await uploadFiles(files, setProgress, signal)
      await navigate(path.imports(import_id))
      await queries.invalidateQueries({ queryKey: importsQuery.queryKey })
    } catch (error) {
      if (!signal.aborted) setTrouble(explainError(error))
    } finally {
      setProgress(undefined)
    }
  }
  return { progress, trouble, send, cancel: () => cancelling.current.abort() }
}
