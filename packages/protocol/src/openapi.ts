/**
 * The contract as an OpenAPI 3.1 document. Pure: the same contract gives the same document, so that its hash can be
 * pinned. Nothing is said here that a route could say itself.
 */
import type { z } from 'zod'
import { routes } from './contract.ts'
import { type JsonSchema, type Schemas, translate } from './openapi-schemas.ts'
import { type ProblemCode, problems } from './problems.ts'
import { type RouteContract, type Scope, scopeWords } from './route.ts'
import { problemsOf, takesBody } from './route-problems.ts'
import { cookieNames, csrfHeader } from './sign-in.ts'

export { problemsOf } from './route-problems.ts'

export interface OpenApiDocument {
  openapi: '3.1.0'
  info: JsonSchema
  servers: JsonSchema[]
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, JsonSchema>>
}

export interface Operation extends JsonSchema {
  operationId: string
  parameters?: JsonSchema[]
  requestBody?: JsonSchema
  responses: Record<string, JsonSchema>
}

export interface OpenApiOptions {
  version: string
  /** Where the API is served; `/` where the document itself is. */
  url?: string
}

export function openApi({ version, url = '/' }: OpenApiOptions): OpenApiDocument {
  const contracts = Object.entries<RouteContract>(routes)
  const schemas = translate({
    input: contracts.flatMap(([, { params, query, body }]) =>
      [params, query, body].filter((schema) => schema !== undefined),
    ),
    output: contracts.flatMap(([, { returns, orReturns }]) => [returns.body ?? [], orReturns?.body ?? []].flat()),
  })
  const paths: OpenApiDocument['paths'] = {}
  for (const [name, contract] of contracts) {
    const method = contract.method.toLowerCase()
    const told = operation(name, contract, schemas)
    paths[contract.path] = { ...paths[contract.path], [method]: told }
    if (contract.alsoAt)
      paths[contract.alsoAt] = { ...paths[contract.alsoAt], [method]: { ...told, operationId: `${name}Alias` } }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tributary',
      version,
      description:
        'Health and fitness data of people and their devices. Times are RFC 3339, ids are UUIDv7, errors are RFC 9457 problems.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url }],
    tags: [...new Set(contracts.map(([, { tag }]) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...schemas.components, Problem: problemSchema },
      parameters: { IdempotencyKey: idempotencyKey },
      securitySchemes,
    },
  }
}

function operation(name: string, contract: RouteContract, schemas: Schemas): Operation {
  const parameters = [
    ...parametersIn('path', contract.params, schemas),
    ...parametersIn('query', contract.query, schemas),
    ...(contract.method === 'GET' ? [] : [{ $ref: '#/components/parameters/IdempotencyKey' }]),
  ]
  return {
    operationId: name,
    summary: contract.summary,
    description: describe(contract),
    tags: [contract.tag],
    ...(parameters.length > 0 && { parameters }),
    ...(takesBody(contract) && { requestBody: { required: true, content: requestContent(contract, schemas) } }),
    responses: {
      [contract.returns.status]: answer(contract, schemas),
      ...(contract.orReturns && { [contract.orReturns.status]: answer({ returns: contract.orReturns }, schemas) }),
      ...problemAnswers(contract),
    },
    security: securityOf(contract),
  }
}

function describe({ description, scope, deviceToken, connectSession, secret, thisMachine }: RouteContract): string {
  const sentences = [
    description,
    scope === 'public' && 'Anybody may call this.',
    scope === 'person' && 'Only for somebody signed in with their password, never for a key.',
    scope !== 'public' && scope !== 'person' && `Needs the scope \`${scope}\`: ${scopeWords[scope].toLowerCase()}.`,
    deviceToken && "The device's own token may call this as well.",
    thisMachine && 'On the machine it runs on anybody may call this.',
    connectSession && 'So may the token of a connect session.',
    secret && `${secretIn(secret)} is shown once and never repeated, not even for the same Idempotency-Key.`,
  ]
  return sentences.filter(Boolean).join(' ')
}

function secretIn(secret: true | readonly string[]): string {
  return secret === true
    ? 'The answer holds a secret, which'
    : `A ${secret.map((field) => `\`${field}\``).join(' or ')} in the answer`
}

function parametersIn(place: 'path' | 'query', schema: z.ZodType | undefined, schemas: Schemas): JsonSchema[] {
  if (!schema) return []
  const { properties = {}, required = [] } = schemas.of(schema, 'input') as {
    properties?: Record<string, JsonSchema>
    required?: string[]
  }
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...shape } = property
    return {
      name,
      in: place,
      required: required.includes(name),
      ...(description !== undefined && { description }),
      schema: onceOrMany(shape),
    }
  })
}

/** A parameter that may be repeated is an array to OpenAPI, whose default form is to repeat it. */
function onceOrMany(schema: JsonSchema): JsonSchema {
  const choices = Array.isArray(schema['anyOf']) ? (schema['anyOf'] as JsonSchema[]) : []
  return choices.find(({ type }) => type === 'array') ?? schema
}

function requestContent({ body, consumes = [] }: RouteContract, schemas: Schemas): JsonSchema {
  const raw = consumes.map((type): [string, JsonSchema] => [type, type === 'multipart/form-data' ? filesOfForm : {}])
  return { ...(body && { 'application/json': { schema: schemas.of(body, 'input') } }), ...Object.fromEntries(raw) }
}

function answer(
  { returns, produces = [], query }: Pick<RouteContract, 'returns' | 'produces' | 'query'>,
  schemas: Schemas,
): JsonSchema {
  const json = returns.body && schemas.of(returns.body, 'output')
  const content = {
    ...(json && { 'application/json': { schema: json } }),
    ...Object.fromEntries(produces.map((type) => [type, {}])),
  }
  const paged =
    json?.['type'] === 'array' &&
    query !== undefined &&
    'offset' in (schemas.of(query, 'input')['properties'] as object)
  return {
    description: returns.description ?? (Object.keys(content).length > 0 ? 'Done' : 'Done; there is nothing to say'),
    ...(paged && { headers: pageHeaders }),
    ...(Object.keys(content).length > 0 && { content }),
  }
}

function problemAnswers(contract: RouteContract): Record<string, JsonSchema> {
  const byStatus = Object.groupBy(problemsOf(contract), (code) => problems[code].status)
  const answers = Object.entries(byStatus).map(([status, codes = []]): [string, JsonSchema] => [
    status,
    problemAnswer(status, codes),
  ])
  return Object.fromEntries(answers)
}

function problemAnswer(status: string, codes: readonly ProblemCode[]): JsonSchema {
  return {
    description: codes.map((code) => `\`${code}\`: ${problems[code].title}`).join('. '),
    ...((status === '429' || status === '503') && { headers: { 'Retry-After': retryAfter } }),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  }
}

/** OpenAPI 3.1 lets any scheme name the roles it needs; ours are the scopes. */
function securityOf({ scope, thisMachine }: RouteContract): JsonSchema[] {
  if (scope === 'public') return []
  const needed: Scope[] = scope === 'person' ? [] : [scope]
  return [...(thisMachine ? [{}] : []), { bearerAuth: needed }, { cookieAuth: needed }]
}

const securitySchemes = {
  bearerAuth: {
    type: 'http',
    scheme: 'bearer',
    description: [
      'An access token, an API key (`trb_…`) or, where a route says so, a device token (`trd_…`). Scopes:',
      ...Object.entries(scopeWords).map(([scope, words]) => `- \`${scope}\`: ${words}`),
    ].join('\n'),
  },
  cookieAuth: {
    type: 'apiKey',
    in: 'cookie',
    name: cookieNames.secure,
    description: `For browsers: signing in with \`session: "cookie"\` sets it (as \`${cookieNames.plain}\` on plain HTTP to this machine). Requests that change something carry the header \`${csrfHeader}\` as well, with any value.`,
  },
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Within 24 hours the same key and request get the same answer, and the effect stands once.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
}

const problemSchema = {
  description: 'RFC 9457. `type` is the address of a page about it; `instance` is the id of the request.',
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail', 'instance'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    code: { type: 'string', enum: Object.keys(problems) },
    detail: { type: 'string' },
    instance: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'detail'],
        properties: {
          pointer: { type: 'string', description: 'A JSON pointer into the body, or the name of a parameter' },
          code: { type: 'string' },
          detail: { type: 'string' },
        },
        additionalProperties: false,
      },
    },
  },
}

const retryAfter = { description: 'Seconds to wait', schema: { type: 'integer', minimum: 0 } }

const pageHeaders = {
  'X-Total-Count': { description: 'How many there are over all pages', schema: { type: 'integer', minimum: 0 } },
  Link: { description: 'Addresses of the first, previous, next and last page (RFC 8288)', schema: { type: 'string' } },
}

const filesOfForm = {
  schema: {
    type: 'object',
    required: ['file'],
    properties: { file: { type: 'array', items: { type: 'string', contentMediaType: 'application/octet-stream' } } },
  },
}
