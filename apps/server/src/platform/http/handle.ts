import type { AnswerOf, RouteContract } from '@tributary/protocol'
import type { Parts } from '../../parts.ts'
import type { Call } from './call.ts'

/** Returned by a handler that has written the answer itself (a stream, CSV, a file). */
export const sent = Symbol('the answer was sent')

/** A code other than the contract's, for answers such as /health's 503. */
export class Answer {
  readonly status: number
  readonly body: unknown

  constructor(status: number, body: unknown) {
    this.status = status
    this.body = body
  }
}

export interface Handler<R extends RouteContract = RouteContract> {
  contract: R
  /** `raw`: the body is a Buffer (JSON, NDJSON) or a stream (files), and the handler reads it itself. */
  raw: boolean
  run(call: Call<R>, parts: Parts): Promise<AnswerOf<R> | typeof sent | Answer>
}

/** Ties a contract to the code that answers it. */
export function handle<R extends RouteContract>(
  contract: R,
  run: Handler<R>['run'],
  { raw = false }: { raw?: boolean } = {},
): Handler<R> {
  return { contract, run, raw }
}
