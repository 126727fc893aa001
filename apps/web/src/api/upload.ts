/** Sending files with their progress in bytes, which `fetch` cannot tell. */
import type { AnswerOutput, ProblemBody, Routes } from '@tributary/protocol'
import { ProblemError } from '@tributary/sdk'
import { noticeSignOut } from './client.ts'

type Created = AnswerOutput<Routes['createImport']>

export interface UploadProgress {
  sent: number
  total: number
}

export function uploadFiles(
  files: readonly File[],
  onProgress: (progress: UploadProgress) => void,
  signal: AbortSignal,
): Promise<Created> {
  const form = new FormData()
  for (const file of files) form.append('file', file, file.name)
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/api/v1/imports')
    request.responseType = 'json'
    request.setRequestHeader('X-Tributary-CSRF', '1')
    request.upload.onprogress = ({ loaded, total }) => onProgress({ sent: loaded, total })
    request.onload = () => {
      if (request.status === 202) resolve(request.response as Created)
      else {
        const refusal = new ProblemError(request.status, (request.response ?? {}) as Partial<ProblemBody>)
        noticeSignOut(refusal)
        reject(refusal)
      }
    }
    request.onerror = () => reject(new TypeError('the connection was lost'))
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'))
    signal.addEventListener('abort', () => request.abort())
    request.send(form)
  })
}
