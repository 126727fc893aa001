/** What is on its way: uploads that broke off, those that are being sent, and imports that are being read. */
import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ChangeEvent, useEffect, useRef, useState } from 'react'
import { type BrokenOff, brokenOffQuery, forgetBrokenOff } from '../../api/broken-off.ts'
import type { Import } from '../../api/types.ts'
import { fingerprintOf } from '../../api/upload-book.ts'
import { cancelUpload, pauseUpload, resumeUpload, type Upload, useUploads } from '../../api/uploads.ts'
import { useFormat } from '../../app/reader.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { explainError } from '../../util/explain-error.ts'
import { duration, type Format } from '../../util/format.ts'
import { counted, importTitle } from '../../util/import-words.ts'
import { path } from '../../util/path-builder.ts'
import { TakeBack } from './take-back.tsx'
import { TwoPhases } from './two-phases.tsx'
import styles from './under-way.module.css'

interface UnderWayProps {
  userId: string
  imports: readonly Import[]
  onFiles: (files: readonly File[]) => void
}

export function UnderWay({ userId, imports, onFiles }: UnderWayProps) {
  const { uploads } = useUploads()
  const going = new Set(uploads.map(({ fingerprint }) => fingerprint))
  const broken = useQuery(brokenOffQuery(userId)).data?.filter(({ fingerprint }) => !going.has(fingerprint)) ?? []
  useBrokenReread(userId, uploads.length)
  useLeaveWarning(uploads)
  if (broken.length + uploads.length + imports.length === 0) return null
  return (
    <Section title="Under way">
      <Card flush>
        <ul className={styles['rows']}>
          {broken.map((one) => (
            <BrokenRow key={one.key} broken={one} userId={userId} onFiles={onFiles} />
          ))}
          {uploads.map((upload) => (
            <UploadRow key={upload.id} upload={upload} />
          ))}
          {imports.map((one) => (
            <ReadingRow key={one.import_id} import={one} />
          ))}
        </ul>
      </Card>
    </Section>
  )
}

/** An upload that has ended is no longer one that may have broken off. */
function useBrokenReread(userId: string, going: number): void {
  const queries = useQueryClient()
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again whenever their number changes.
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: brokenOffQuery(userId).queryKey })
  }, [queries, userId, going])
}

/** Many small files start again from nothing when the page goes; larger ones do not, so leaving is free. */
function useLeaveWarning(uploads: readonly Upload[]): void {
  const wouldLose = uploads.some(({ resumable, stage }) => !resumable && stage !== 'failed')
  useEffect(() => {
    if (!wouldLose) return undefined
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [wouldLose])
}

function UploadRow({ upload }: { upload: Upload }) {
  const format = useFormat()
  const { id, name, files, sent, total, stage, resumable, trouble } = upload
  const title = files > 1 ? `${name} and ${format.number(files - 1)} more` : name
  const isStopped = stage === 'paused' || stage === 'failed'
  return (
    <li className={styles['row']}>
      <div className={styles['head']}>
        <strong className={styles['name']}>{title}</strong>
        <span className={styles['buttons']}>
          {resumable && !isStopped && (
            <Button variant="default" size="xs" aria-label={`Pause: ${title}`} onClick={() => pauseUpload(id)}>
              Pause
            </Button>
          )}
          {isStopped && (
            <Button
              variant="default"
              size="xs"
              aria-label={`${stage === 'failed' ? 'Try again' : 'Go on'}: ${title}`}
              onClick={() => resumeUpload(id)}
            >
              {stage === 'failed' ? 'Try again' : 'Go on'}
            </Button>
          )}
          <Button variant="default" size="xs" aria-label={`Cancel: ${title}`} onClick={() => cancelUpload(id)}>
            Cancel
          </Button>
        </span>
      </div>
      <TwoPhases sent={total ? sent / total : 0} read={0} />
      <p className={styles['words']}>{uploadWords(upload, format)}</p>
      {trouble && <Trouble {...trouble} />}
    </li>
  )
}

function uploadWords({ sent, total, stage, since, resumable }: Upload, format: Format): string {
  const soFar = `${format.bytes(sent)} of ${format.bytes(total)}`
  if (stage === 'waiting') return `Waits for its turn, ${format.bytes(total)}`
  if (stage === 'paused') return `Paused at ${soFar}`
  if (stage === 'failed') return resumable ? `Stopped at ${soFar}; what was sent is kept` : `Stopped at ${soFar}`
  const seconds = since ? (Date.now() - since.at) / 1_000 : 0
  const speed = since && seconds > 1 ? (sent - since.sent) / seconds : 0
  const rest = speed > 0 ? `, about ${duration((total - sent) / speed)} left` : ''
  return `Sending: ${soFar}${speed > 0 ? `, ${format.bytes(speed)} a second` : ''}${rest}`
}

function ReadingRow({ import: one }: { import: Import }) {
  const format = useFormat()
  const { import_id, bytes, bytes_total, records, eta_seconds, status } = one
  const words =
    status === 'queued'
      ? `Sent. Waits to be read, ${format.bytes(bytes_total)}`
      : `Reading: ${format.bytes(bytes)} of ${format.bytes(bytes_total)}${records > 0 ? `, ${counted(format.number(records), 'record')} so far` : ''}${
          eta_seconds === null ? '' : `, about ${duration(eta_seconds)} left`
        }`
  return (
    <li className={styles['row']}>
      <div className={styles['head']}>
        <Link {...path.imports(import_id)} resetScroll={false} className={styles['name']}>
          {importTitle(one, format)}
        </Link>
        <span className={styles['buttons']}>
          <TakeBack import={one} />
        </span>
      </div>
      <TwoPhases sent={1} read={bytes_total ? bytes / bytes_total : 0} />
      <p className={styles['words']}>{words}</p>
    </li>
  )
}

interface BrokenRowProps {
  broken: BrokenOff
  userId: string
  onFiles: (files: readonly File[]) => void
}

/** A page may not keep a file over a reload: the person shows it once more, and it goes on where it stopped. */
function BrokenRow({ broken, userId, onFiles }: BrokenRowProps) {
  const { name, sent, total, fingerprint } = broken
  const format = useFormat()
  const input = useRef<HTMLInputElement>(null)
  const [isOther, setIsOther] = useState(false)
  const queries = useQueryClient()
  const forget = useMutation({
    mutationFn: () => forgetBrokenOff(userId, broken),
    onSettled: () => queries.invalidateQueries({ queryKey: brokenOffQuery(userId).queryKey }),
  })
  const take = ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    const [file] = currentTarget.files ?? []
    if (!file) return
    const isSame = fingerprintOf(file) === fingerprint
    setIsOther(!isSame)
    if (isSame) onFiles([file])
    currentTarget.value = ''
  }
  return (
    <li className={styles['row']}>
      <div className={styles['head']}>
        <strong className={styles['name']}>{name}</strong>
        <span className={styles['buttons']}>
          <Button size="xs" aria-label={`Choose it again: ${name}`} onClick={() => input.current?.click()}>
            Choose it again
          </Button>
          <Button variant="default" size="xs" aria-label={`Forget it: ${name}`} onClick={() => forget.mutate()}>
            Forget it
          </Button>
        </span>
      </div>
      <TwoPhases sent={total ? sent / total : 0} read={0} />
      <p className={styles['words']}>
        Broke off at {format.bytes(sent)} of {format.bytes(total)}. Choose the same file again and it goes on from
        there.
      </p>
      {isOther && (
        <Trouble
          sentence={`That is another file, or it was changed since. To go on, choose ${name} with its ${format.bytes(total)} as it was; to send the new one, forget this and drop it above.`}
        />
      )}
      {forget.isError && <Trouble {...explainError(forget.error)} />}
      <input ref={input} type="file" hidden aria-label={`${name} again`} onChange={take} />
    </li>
  )
}
