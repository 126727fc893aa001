import { basename } from 'node:path'
import type { Connection } from './connection.ts'
import { describeError } from './exit.ts'
import { type Import, sendFile } from './send-file.ts'

export type FileResult = Import['files'][number]

export interface Outcome {
  path: string
  ok: boolean
  import_id?: string
  error?: string
  /** The file itself; what was inside it is counted with it. */
  file?: FileResult
  files_total?: number
  files_by_status?: Import['files_by_status']
}

/** One file that cannot be taken does not keep the others out. */
export async function importOne(
  connection: Connection,
  path: string,
  onProgress: (part: number, doing: string) => void,
): Promise<Outcome> {
  try {
    const made = await sendFile(connection, path, onProgress)
    const ok = made.status !== 'failed' && made.status !== 'cancelled'
    const file = made.files.find(({ position }) => position === 0) ?? made.files[0]
    const inside = made.files_total > 1 ? { files_total: made.files_total, files_by_status: made.files_by_status } : {}
    return {
      path,
      ok,
      import_id: made.import_id,
      ...(file ? { file: { ...file, ...sumsOf(made) } } : {}),
      ...inside,
      ...(file?.reason && !ok ? { error: file.reason } : {}),
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { path, ok: false, error: describeError(error) }
  }
}

/** An archive's own figures are those of all that was in it. */
const sumsOf = ({ files_total, samples, sessions, duplicates, rejected }: Import) =>
  files_total > 1 ? { samples, sessions, duplicates, rejected } : {}

export function describe({ path, ok, error, file, files_total, files_by_status = {} }: Outcome): string {
  const name = basename(path)
  if (!ok || !file) return `failed  ${name}  ${error ?? 'no reason was given'}`
  if (file.status === 'duplicate') return `known   ${name}  imported before: nothing was added`
  if (file.status === 'waiting') return `waits   ${name}  say in the web app what its columns are`
  const { failed = 0, waiting = 0 } = files_by_status
  const parts = [
    ...(files_total ? [`${figure(files_total)} files`] : []),
    count(file.sessions, 'session'),
    count(file.samples, 'new sample'),
    ...(file.changed ? [`${figure(file.changed)} changed`] : []),
    ...(file.duplicates ? [`${figure(file.duplicates)} known already`] : []),
    ...(file.rejected ? [`${figure(file.rejected)} rejected`] : []),
    ...(failed ? [`${count(failed, 'file')} failed`] : []),
    ...(waiting ? [`${count(waiting, 'table')} waiting for the names of their columns`] : []),
  ]
  const warnings = file.warnings.map(({ detail }) => `\n          ${detail}`).join('')
  return `done    ${name}  ${parts.join(', ')}${warnings}`
}

const figure = (n: number) => n.toLocaleString('en')
const count = (n: number, noun: string) => `${figure(n)} ${noun}${n === 1 ? '' : 's'}`
