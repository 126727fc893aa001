/** Which files travel together and which go alone, so that thousands of small ones are few requests and a large one can be resumed. */

/** Larger files go by themselves and can be paused and resumed. */
const aloneFrom = 8_000_000
/** What the server takes in one form, less the form's own lines. */
const mostFiles = 1_000
const mostBytes = 500_000_000

/** Files that only the operating system reads. */
const litter = /^(\.|Thumbs\.db$|desktop\.ini$|__MACOSX)/i

export interface UploadPlan {
  together: File[][]
  alone: File[]
  leftOut: number
}

export function planUploads(files: readonly File[]): UploadPlan {
  const wanted = files.filter(({ name }) => !litter.test(name))
  const together: File[][] = []
  let bytes = 0
  for (const file of wanted) {
    if (file.size > aloneFrom) continue
    const last = together.at(-1)
    if (last && last.length < mostFiles && bytes + file.size <= mostBytes) {
      last.push(file)
      bytes += file.size
    } else {
      together.push([file])
      bytes = file.size
    }
  }
  return { together, alone: wanted.filter(({ size }) => size > aloneFrom), leftOut: files.length - wanted.length }
}
