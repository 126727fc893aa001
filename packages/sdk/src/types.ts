/** What a call takes and gives, read off its contract. Types only. */
import type { AnswerOutput, BodyInput, ParamsOf, QueryInput, QueryOf, RouteContract, Routes } from '@tributary/protocol'

/** A body that is sent as it is: a file, a form, NDJSON, a stream. */
export type RawBody = string | Uint8Array<ArrayBuffer> | ArrayBuffer | Blob | FormData | ReadableStream<Uint8Array>

export interface CallOptions {
  /** Besides the client's own, such as `Idempotency-Key`. */
  headers?: Record<string, string>
  signal?: AbortSignal
}

type Nothing = Record<never, never>
type Has<R extends RouteContract, K extends keyof RouteContract> = R extends { readonly [P in K]: object }
  ? true
  : false
/** `{ key: T }` where T has something that must be given, else `{ key?: T }`. */
type Given<K extends string, T> = Nothing extends T ? { [P in K]?: T } : { [P in K]: T }

/**
 * Which keys a query takes, and which must be given, comes from what is written; their types from what is read: an
 * address may write a number in any way, a caller gives a number.
 */
type QueryArgument<Written, Read> = { [K in keyof Written]: K extends keyof Read ? Read[K] : never }

type ParamsPart<R extends RouteContract> = Has<R, 'params'> extends true ? { params: ParamsOf<R> } : Nothing
type QueryPart<R extends RouteContract> =
  Has<R, 'query'> extends true ? Given<'query', QueryArgument<QueryInput<R>, QueryOf<R>>> : Nothing

type Raw<R extends RouteContract> = R['consumes'] extends readonly (infer T)[]
  ? { raw: RawBody; contentType?: T }
  : never
type BodyPart<R extends RouteContract> =
  Has<R, 'body'> extends true
    ? { body: BodyInput<R>; raw?: never } | (Raw<R> & { body?: never })
    : Has<R, 'consumes'> extends true
      ? Raw<R>
      : Nothing

/** Everything one call takes. */
export type Arguments<R extends RouteContract> = ParamsPart<R> & QueryPart<R> & BodyPart<R> & CallOptions

/** The values of `format` for which a route answers text instead of JSON. */
type TextFormat<R extends RouteContract> = QueryOf<R> extends { format: infer F } ? Exclude<F, 'json'> : never

/** JSON as the contract says; bytes where it has no JSON; nothing where it answers nothing. */
export type Answer<R extends RouteContract> = R['returns'] extends { body: object }
  ? AnswerOutput<R>
  : Has<R, 'produces'> extends true
    ? Blob
    : undefined

type Spread<A> = Nothing extends A ? [options?: A] : [options: A]

/** One method of the client. Asked for text (`format: 'csv'`), it gives a string. */
export type Method<R extends RouteContract> = [TextFormat<R>] extends [never]
  ? (...options: Spread<Arguments<R>>) => Promise<Answer<R>>
  : {
      (options: Arguments<R> & { query: { format: TextFormat<R> } }): Promise<string>
      (...options: Spread<Arguments<R>>): Promise<Answer<R>>
    }

export type RouteName = keyof Routes
export type Methods = { readonly [N in RouteName]: Method<Routes[N]> }
