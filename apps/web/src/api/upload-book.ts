/**
 * Where this browser notes which uploads have begun, so that one which broke off goes on where it stopped. The notes of a
 * person are theirs: another one at the same browser sees none of them, and signing out wipes them.
 */
import type { PreviousUpload, UrlStorage } from 'tus-js-client'

const prefix = 'tributary-upload:'

export interface Note extends PreviousUpload {
  fingerprint: string
}

/** The same bytes, as far as a browser can tell without reading them. */
export const fingerprintOf = ({ name, size, lastModified }: File) => `${name}|${size}|${lastModified}`

export function uploadBook(userId: string): UrlStorage & { notes(): Note[]; wipe(): void } {
  const mine = `${prefix}${userId}:`
  const notes = () =>
    Object.keys(localStorage)
      .filter((key) => key.startsWith(mine))
      .flatMap((key) => read(key))
  return {
    notes,
    wipe: () => {
      for (const { urlStorageKey } of notes()) localStorage.removeItem(urlStorageKey)
    },
    findAllUploads: async () => notes(),
    findUploadsByFingerprint: async (wanted) => notes().filter(({ fingerprint }) => fingerprint === wanted),
    removeUpload: async (key) => localStorage.removeItem(key),
    addUpload: async (fingerprint, upload) => {
      const urlStorageKey = `${mine}${Date.now()}-${Math.random().toString(36).slice(2)}`
      localStorage.setItem(urlStorageKey, JSON.stringify({ ...upload, fingerprint }))
      return urlStorageKey
    },
  }
}

function read(urlStorageKey: string): Note[] {
  try {
    return [{ ...(JSON.parse(localStorage.getItem(urlStorageKey) ?? '') as Note), urlStorageKey }]
  } catch {
    return [] // written by something else
  }
}
