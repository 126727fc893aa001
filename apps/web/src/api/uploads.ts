/**
 * Files on their way to the hub. They belong to no page and go on while the person looks around. A few are sent at a time;
 * a large file can be paused, and goes on where it stopped after a reload, a lost connection or a restart of the server.
 */
import type { ProblemBody } from '@tributary/protocol'
import { ProblemError } from '@tributary/sdk'
import { useSyncExternalStore } from 'react'
import { DetailedError, Upload as TusUpload } from 'tus-js-client'
import { type Explained, explainError } from '../util/explain-error.ts'
import { noticeSignOut, queryClient } from './client.ts'
import { planUploads, type UploadPlan } from './plan-uploads.ts'
import { uploadFiles } from './upload.ts'
import { fingerprintOf, uploadBook } from './upload-book.ts'

export interface Upload {
  id: number
  name: string
  files: number
  sent: number
  total: number
  stage: 'waiting' | 'sending' | 'paused' | 'failed'
  /** Can be paused. */
  resumable: boolean
  fingerprint?: string
  /** When it last began to move and from where: its speed. */
  since?: { at: number; sent: number }
  trouble?: Explained
}

/** How an upload is moved, whichever of the two ways it goes. */
interface Engine {
  start(): void
  stop(): void
  /** Stops it for good; what the server has of it goes too. */
  discard(): void
}

interface State {
  uploads: readonly Upload[]
  /** The import that the last upload became. */
  arrived: string | undefined
}

const atOnce = 3
const pieceBytes = 16_000_000
/** Together over two minutes: a server that restarts is back by then. */
const retryDelays = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 30_000, 30_000]
const importIdHeader = 'Tributary-Import-Id'
export const uploadHeaders = { 'X-Tributary-CSRF': '1' }
const endpoint = () => new URL('/api/v1/uploads', location.href).href

let state: State = { uploads: [], arrived: undefined }
const engines = new Map<number, Engine>()
const listeners = new Set<() => void>()
let lastId = 0

export const useUploads = (): State =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => state,
  )

/** Answers how many files were left out because only the operating system reads them. */
export function addUploads(userId: string, files: readonly File[]): Pick<UploadPlan, 'leftOut'> {
  const { together, alone, leftOut } = planUploads(files)
  for (const form of together) addForm(form)
  const known = new Set(state.uploads.map(({ fingerprint }) => fingerprint))
  for (const file of alone) if (!known.has(fingerprintOf(file))) addResumable(userId, file)
  fillLanes()
  return { leftOut }
}

export function pauseUpload(id: number): void {
  engines.get(id)?.stop()
  change(id, { stage: 'paused' })
  fillLanes()
}

/** Paused or failed, it takes its turn again. */
export function resumeUpload(id: number): void {
  change(id, { stage: 'waiting' }, ['trouble'])
  fillLanes()
}

export function cancelUpload(id: number): void {
  engines.get(id)?.discard()
  remove(id)
  fillLanes()
}

/** Whoever signs out takes what is on its way along. */
export function forgetUploads(userId: string): void {
  for (const { id } of state.uploads) engines.get(id)?.discard()
  engines.clear()
  set({ uploads: [], arrived: undefined })
  uploadBook(userId).wipe()
}

export function forgetArrival(): void {
  set({ ...state, arrived: undefined })
}

function addForm(files: readonly File[]): void {
  const upload = add({
    name: files[0]?.name ?? '',
    files: files.length,
    total: files.reduce((sum, { size }) => sum + size, 0),
    resumable: false,
  })
  let stopping = new AbortController()
  engines.set(upload.id, {
    start: () => {
      stopping = new AbortController()
      const { signal } = stopping
      uploadFiles(files, ({ sent }) => change(upload.id, { sent: Math.min(sent, upload.total) }), signal).then(
        ({ import_id }) => arrive(upload.id, import_id),
        (error: unknown) => signal.aborted || fail(upload.id, error),
      )
    },
    stop: () => stopping.abort(),
    discard: () => stopping.abort(),
  })
}

function addResumable(userId: string, file: File): void {
  const fingerprint = fingerprintOf(file)
  const { id } = add({ name: file.name, files: 1, total: file.size, resumable: true, fingerprint })
  const tus = new TusUpload(file, {
    endpoint: endpoint(),
    headers: uploadHeaders,
    metadata: { filename: file.name },
    chunkSize: pieceBytes,
    retryDelays,
    fingerprint: async () => fingerprint,
    urlStorage: uploadBook(userId),
    removeFingerprintOnSuccess: true,
    // The library asks the browser whether it is online, which knows nothing of a server in the house.
    onShouldRetry: (error) => isPassing(error.originalResponse?.getStatus() ?? 0),
    onProgress: (sent) => change(id, { sent }),
    onSuccess: ({ lastResponse }) => arrive(id, lastResponse.getHeader(importIdHeader)),
    onError: (error) => fail(id, problemIn(error)),
  })
  const begin = async () => {
    const [before] = tus.url ? [] : await tus.findPreviousUploads()
    if (before) tus.resumeFromPreviousUpload(before)
    // Paused again while the notes were read.
    if (find(id)?.stage === 'sending') tus.start()
  }
  engines.set(id, {
    start: () => void begin().catch((error: unknown) => fail(id, error)),
    stop: () => void tus.abort(),
    // What the server already has of it goes by itself after a while, should this not reach it.
    discard: () => void tus.abort(true).catch(() => undefined),
  })
}

const isPassing = (status: number) => status < 400 || status >= 500 || [409, 423, 429].includes(status)

function problemIn(error: Error): Error {
  const response = error instanceof DetailedError ? error.originalResponse : null
  if (!response) return new TypeError('the connection was lost')
  let body: Partial<ProblemBody> = {}
  try {
    body = JSON.parse(response.getBody()) as Partial<ProblemBody>
  } catch {
    // A proxy answered; the status says enough.
  }
  return new ProblemError(response.getStatus(), body)
}

/** Its import is read before it leaves the list, so that it is never in neither. */
function arrive(id: number, importId: string | undefined): void {
  engines.delete(id)
  change(id, { sent: find(id)?.total ?? 0 })
  void queryClient.invalidateQueries({ queryKey: ['imports'] }).finally(() => {
    remove(id)
    set({ ...state, arrived: importId })
  })
  fillLanes()
}

function fail(id: number, error: unknown): void {
  if (error instanceof Error) noticeSignOut(error)
  change(id, { stage: 'failed', trouble: explainError(error) })
  fillLanes()
}

function fillLanes(): void {
  const busy = state.uploads.filter(({ id, stage }) => stage === 'sending' && engines.has(id)).length
  for (const { id, sent } of state.uploads.filter(({ stage }) => stage === 'waiting').slice(0, atOnce - busy)) {
    change(id, { stage: 'sending', since: { at: Date.now(), sent } })
    engines.get(id)?.start()
  }
}

function add(upload: Pick<Upload, 'name' | 'files' | 'total' | 'resumable' | 'fingerprint'>): Upload {
  const added: Upload = { ...upload, id: ++lastId, sent: 0, stage: 'waiting' }
  set({ ...state, uploads: [...state.uploads, added] })
  return added
}

const find = (id: number) => state.uploads.find((upload) => upload.id === id)

function change(id: number, what: Partial<Upload>, gone: readonly (keyof Upload)[] = []): void {
  const changed = (upload: Upload) => {
    const next = { ...upload, ...what }
    for (const name of gone) delete next[name]
    return next
  }
  set({ ...state, uploads: state.uploads.map((upload) => (upload.id === id ? changed(upload) : upload)) })
}

function remove(id: number): void {
  engines.delete(id)
  set({ ...state, uploads: state.uploads.filter((upload) => upload.id !== id) })
}

function set(next: State): void {
  state = next
  for (const listener of listeners) listener()
}
