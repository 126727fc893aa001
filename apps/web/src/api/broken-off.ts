/** Uploads that this browser began and did not end: how far they got, asked of the server. */
import { queryOptions } from '@tanstack/react-query'
import { uploadBook } from './upload-book.ts'
import { uploadHeaders } from './uploads.ts'

export interface BrokenOff {
  key: string
  url: string
  name: string
  fingerprint: string
  sent: number
  total: number
}

const headers = { ...uploadHeaders, 'Tus-Resumable': '1.0.0' }

export const brokenOffQuery = (userId: string) =>
  queryOptions({
    queryKey: ['broken-off', userId],
    queryFn: async () =>
      (
        await Promise.all(
          uploadBook(userId)
            .notes()
            .map((note) => lookAt(userId, note)),
        )
      ).flat(),
    staleTime: 0,
  })

type Note = ReturnType<ReturnType<typeof uploadBook>['notes']>[number]

/** One that has arrived after all, or that the server no longer has, is none. */
async function lookAt(userId: string, { urlStorageKey, uploadUrl, metadata, size, fingerprint }: Note) {
  if (!uploadUrl) return []
  const answer = await fetch(uploadUrl, { method: 'HEAD', headers })
  const sent = Number(answer.headers.get('upload-offset'))
  const isGone = answer.status === 404 || answer.status === 410
  if (isGone || (answer.ok && sent === size)) {
    await uploadBook(userId).removeUpload(urlStorageKey)
    return []
  }
  const name = metadata['filename'] ?? 'A file'
  return [{ key: urlStorageKey, url: uploadUrl, name, fingerprint, sent, total: size ?? 0 }]
}

export async function forgetBrokenOff(userId: string, { key, url }: BrokenOff): Promise<void> {
  await fetch(url, { method: 'DELETE', headers })
  await uploadBook(userId).removeUpload(key)
}
