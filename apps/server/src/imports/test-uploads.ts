/** Sends files to a test server and waits for what becomes of them. */
import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type { AnswerOf, routes } from '@tributary/protocol'
import type { SignedInPerson, TestServer } from '../../test/kit.ts'

export type Imported = AnswerOf<(typeof routes)['getImport']>
export type Sessions = AnswerOf<(typeof routes)['listSessions']>

export interface SentFile {
  name: string
  bytes: Uint8Array
}

export function fixture(path: string): Promise<Buffer> {
  return readFile(new URL(`../../../../packages/formats/fixtures/${path}`, import.meta.url))
}

export function formOf(files: readonly SentFile[], field = 'file'): FormData {
  const form = new FormData()
  for (const { name, bytes } of files) form.append(field, new Blob([Uint8Array.from(bytes)]), name)
  return form
}

export async function upload(
  { url }: TestServer,
  { token }: SignedInPerson,
  body: FormData | Uint8Array<ArrayBuffer> | ReadableStream | string,
  { headers = {}, query = '' }: { headers?: Record<string, string>; query?: string } = {},
) {
  const answer = await fetch(`${url}/api/v1/imports${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...headers },
    body,
    duplex: 'half',
  } as RequestInit)
  const json = (await answer.json()) as { import_id: string; code?: string }
  return { status: answer.status, headers: answer.headers, body: json }
}

/** Uploads and waits for the end. */
export async function importFiles(
  server: TestServer,
  person: SignedInPerson,
  files: readonly SentFile[],
): Promise<Imported> {
  const { status, body } = await upload(server, person, formOf(files))
  if (status !== 202) throw new Error(`uploading answered ${status}: ${JSON.stringify(body)}`)
  return ended(server, person, body.import_id)
}

export async function ended(server: TestServer, person: SignedInPerson, importId: string): Promise<Imported> {
  for (;;) {
    const { body, status } = await server.call('GET', `/api/v1/imports/${importId}`, { token: person.token })
    const found = body as Imported
    if (status !== 200) throw new Error(`asking for the import answered ${status}`)
    if (found.finished_at) return found
    await pause(20)
  }
}

export async function listSessions(server: TestServer, { token }: SignedInPerson, query = ''): Promise<Sessions> {
  const { body } = await server.call('GET', `/api/v1/sessions${query}`, { token })
  return body as Sessions
}
