const width = 24
const everyMs = 80

export interface ProgressBar {
  /** From 0 to 1, with what is being done. */
  show(part: number, doing: string): void
  clear(): void
}

/** One line on standard error that is written over; silent where nobody would see it move (a file, a pipe, CI). */
export function createProgressBar(out: NodeJS.WriteStream = process.stderr): ProgressBar {
  if (!out.isTTY) return { show: () => undefined, clear: () => undefined }
  let shownAt = 0
  return {
    show(part, doing) {
      const now = Date.now()
      if (now - shownAt < everyMs && part < 1) return
      shownAt = now
      const full = Math.round(Math.min(1, Math.max(0, part)) * width)
      const line = `${'█'.repeat(full)}${'░'.repeat(width - full)} ${String(Math.round(part * 100)).padStart(3)} %  ${doing}`
      out.write(`\r\u001b[K${line.slice(0, (out.columns ?? 80) - 1)}`)
    },
    clear: () => void out.write('\r\u001b[K'),
  }
}
