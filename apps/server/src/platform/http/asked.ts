import type { IncomingHttpHeaders } from 'node:http'
import type { Caller } from './caller.ts'

/** What the house rules, a handler and its books look at of a request, whichever door it came in by. */
export interface Asked {
  /** Ours, a UUID: answers, log lines and the audit name it. */
  readonly id: string
  /** The caller's address; undefined when the connection ended meanwhile, whatever Fastify's type says. */
  readonly ip: string
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
  readonly caller?: Caller
}

/** Takes headers of an answer that is still to be made. */
export interface HeaderTaker {
  header(name: string, value: string): unknown
}
