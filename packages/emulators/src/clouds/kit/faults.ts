/** Answers that go wrong on demand. */
import type { Fault } from '../cloud.ts'
import { html } from './answers.ts'

export class Faults {
  readonly #planned: { prefix: string; fault: Fault; times: number }[] = []

  plan(prefix: string, fault: Fault, times: number): void {
    this.#planned.push({ prefix, fault, times })
  }

  /** The one that is due for this path, if any: it is used up by asking. */
  take(path: string): Fault | undefined {
    const next = this.#planned.find(({ prefix, times }) => times > 0 && path.startsWith(prefix))
    if (next) next.times--
    return next?.fault
  }
}

/** `answer` is what would have been said: `cut` needs it. */
export async function fail(fault: Fault, request: Request, answer: () => Promise<Response>): Promise<Response> {
  const headers = { ...fault.headers }
  switch (fault.kind) {
    case 'status':
      return new Response(fault.body ?? null, { status: fault.status ?? 500, headers })
    case 'html':
      return html(fault.body ?? '<html><body><h1>502 Bad Gateway</h1></body></html>', fault.status ?? 502)
    case 'cut':
      return cut(await answer())
    case 'silent':
      return until(request.signal)
  }
}

async function cut(answer: Response): Promise<Response> {
  const bytes = new Uint8Array(await answer.arrayBuffer())
  const half = bytes.slice(0, Math.ceil(bytes.length / 2))
  let isSent = false
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (isSent || !half.length) return controller.error(new Error('the connection was lost'))
      isSent = true
      controller.enqueue(half)
    },
  })
  return new Response(body, { status: answer.status, headers: answer.headers })
}

/** Never answers; ends when the request is given up. */
function until(signal: AbortSignal): Promise<Response> {
  return new Promise((_, reject) => {
    const giveUp = () => reject(new DOMException('the request was given up', 'AbortError'))
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp, { once: true })
  })
}
