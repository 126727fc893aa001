import { setFlagsFromString } from 'node:v8'

let under = 0

/**
 * V8 lets a heap grow to several times what is alive before it looks at all of it, which suits requests that come and go: small uploads
 * are slower when it looks sooner. Work that goes on for minutes fills that room with garbage; while it runs, V8 looks when half of what
 * is alive has come on top.
 */
export async function withSmallHeap<T>(work: () => Promise<T>): Promise<T> {
  if (under++ === 0) setFlagsFromString('--heap-growing-percent=50')
  try {
    return await work()
  } finally {
    if (--under === 0) setFlagsFromString('--heap-growing-percent=0') // as V8 itself sees fit
  }
}
