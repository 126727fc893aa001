import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { routes } from './contract.ts'
import { type Operation, openApi, problemsOf } from './openapi.ts'
import { problems } from './problems.ts'
import type { RouteContract } from './route.ts'
import { uploadData } from './routes/data.ts'
import { NewDevice } from './routes/devices.ts'

const document = openApi({ version: '1.2.3' })
const contracts = Object.entries<RouteContract>(routes)
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
)

function operationOf(name: string): Operation {
  const found = operations.find(({ operation }) => operation.operationId === name)
  if (!found) throw new Error(`no operation ${name}`)
  return found.operation
}

describe('the OpenAPI document', () => {
  test('every route is in it once under its own name, and once more where a document writes its path otherwise', () => {
    expect(operations.map(({ operation }) => operation.operationId).sort()).toEqual(
      contracts.flatMap(([name, { alsoAt }]) => (alsoAt ? [name, `${name}Alias`] : [name])).sort(),
    )
    for (const [name, { path, method }] of contracts) {
      expect(document.paths[path]?.[method.toLowerCase()]?.operationId).toBe(name)
    }
  })

  test('every reference leads somewhere', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref ?? '')
    expect(references.length).toBeGreaterThan(100)
    for (const reference of new Set(references)) expect(lookUp(reference), reference).toBeDefined()
  })

  test('every component is used', () => {
    const text = JSON.stringify(document)
    for (const name of Object.keys(document.components['schemas'] ?? {})) {
      expect(text, name).toContain(`"$ref":"#/components/schemas/${name}"`)
    }
  })

  test('no schema is lost on the way: each body and each JSON answer says what it is', () => {
    for (const [name, { body, returns }] of contracts) {
      const { requestBody, responses } = operationOf(name)
      if (body) expect(Object.keys(jsonSchemaOf(requestBody)), name).not.toEqual([])
      if (returns.body) expect(Object.keys(jsonSchemaOf(responses[returns.status])), name).not.toEqual([])
    }
  })

  test('each part of a path is a parameter that must be given', () => {
    for (const { path, operation } of operations) {
      const parts = [...path.matchAll(/\{(\w+)\}/g)].map(([, part]) => part)
      const given = (operation.parameters ?? []).filter((parameter) => parameter['in'] === 'path')
      expect(
        given.map(({ name }) => name),
        path,
      ).toEqual(parts)
      expect(
        given.every(({ required }) => required === true),
        path,
      ).toBe(true)
    }
  })

  test('whatever changes something may be repeated safely with an Idempotency-Key', () => {
    for (const { method, operation } of operations) {
      const takesKey =
        operation.parameters?.some(({ $ref }) => $ref === '#/components/parameters/IdempotencyKey') ?? false
      expect(takesKey, operation.operationId).toBe(method !== 'get')
    }
  })

  test('a fresh document is a copy of the last one, so that its hash means something', () => {
    expect(JSON.stringify(openApi({ version: '1.2.3' }))).toBe(JSON.stringify(document))
  })

  test.each([
    ['a new device', NewDevice],
    ['an upload', uploadData.body],
  ])('the example of %s can be sent as it stands', (_, schema) => {
    const examples = schema.meta()?.['examples'] as unknown[]
    expect(examples).toHaveLength(1)
    for (const example of examples) expect(schema.safeParse(example).error).toBeUndefined()
  })

  test('it says its version and where it is served', () => {
    expect(document.info['version']).toBe('1.2.3')
    expect(document.servers).toEqual([{ url: '/' }])
    expect(openApi({ version: '1', url: 'https://hub.example' }).servers).toEqual([{ url: 'https://hub.example' }])
  })
})

describe('one operation', () => {
  test('registering a device takes a new device and says what can go wrong', () => {
    const { requestBody, responses, description, tags } = operationOf('createDevice')
    expect(jsonSchemaOf(requestBody)).toEqual({ $ref: '#/components/schemas/NewDevice' })
    expect(Object.keys(responses)).toEqual([
      '201',
      '400',
      '401',
      '403',
      '409',
      '413',
      '415',
      '422',
      '429',
      '500',
      '503',
    ])
    expect(responses['409']?.['description']).toContain('`device_exists`')
    expect(description).toContain('`devices:write`')
    expect(tags).toEqual(['Devices'])
  })

  test('a list of the documents says how many there are', () => {
    const { responses } = operationOf('listDevices')
    expect(Object.keys(responses['200']?.['headers'] ?? {})).toEqual(['X-Total-Count', 'Link'])
  })

  test('a query parameter that may be repeated is an array', () => {
    const dataType = operationOf('getData').parameters?.find(({ name }) => name === 'data_type')
    expect(dataType).toMatchObject({
      in: 'query',
      required: false,
      schema: { type: 'array', items: { type: 'string' } },
    })
  })

  test('a default makes a parameter optional and is stated', () => {
    const limit = operationOf('getData').parameters?.find(({ name }) => name === 'limit')
    expect(limit).toMatchObject({ required: false, schema: { default: 1000, type: 'integer', maximum: 100_000 } })
  })

  test('values can also be sent as NDJSON and read as CSV', () => {
    expect(Object.keys(operationOf('uploadData').requestBody?.['content'] ?? {})).toEqual([
      'application/json',
      'application/x-ndjson',
    ])
    expect(Object.keys(operationOf('getData').responses['200']?.['content'] ?? {})).toEqual([
      'application/json',
      'text/csv',
      'application/x-ndjson',
    ])
  })

  test('files are sent as a form with the field file', () => {
    expect(operationOf('createImport').requestBody?.['content']).toMatchObject({
      'multipart/form-data': { schema: { required: ['file'] } },
    })
  })
})

describe('access', () => {
  test('an open route asks for nothing, any other for a token or the cookie', () => {
    for (const [name, { scope, thisMachine }] of contracts) {
      const needed = scope === 'person' ? [] : [scope]
      expect(operationOf(name)['security'], name).toEqual(
        scope === 'public' ? [] : [...(thisMachine ? [{}] : []), { bearerAuth: needed }, { cookieAuth: needed }],
      )
    }
  })

  test('every problem of a route is in the catalogue of problems and in its answers', () => {
    for (const [name, contract] of contracts) {
      for (const code of problemsOf(contract)) {
        const said = operationOf(name).responses[problems[code].status]
        expect(said?.['description'], `${name} ${code}`).toContain(`\`${code}\``)
      }
    }
  })

  test('a route that only reads never answers that a key was used before', () => {
    expect(problemsOf(routes.listDevices)).not.toContain('idempotency_key_reused')
    expect(problemsOf(routes.createDevice)).toContain('idempotency_secret_not_repeated')
    expect(problemsOf(routes.getHealth)).not.toContain('not_signed_in')
  })
})

/**
 * Pinned, so that changing the wire is always a decision: when this fails, look at what changed, ask who is already
 * calling it, and write the new hash here. Words for people (summaries, descriptions, titles, examples) are not part of it.
 */
test('the wire is what it was', () => {
  const wire = JSON.stringify(openApi({ version: '' }), (key, value: unknown) =>
    (['summary', 'description', 'title'].includes(key) && typeof value === 'string') || key === 'examples'
      ? undefined
      : value,
  )
  expect(createHash('sha256').update(wire).digest('hex').slice(0, 16)).toBe('3b040730e5ff7064')
})

function jsonSchemaOf(part: Record<string, unknown> | undefined): Record<string, unknown> {
  const content = (part?.['content'] ?? {}) as Record<string, { schema?: Record<string, unknown> }>
  return content['application/json']?.schema ?? {}
}

function lookUp(reference: string): unknown {
  const steps = reference.replace(/^#\//, '').split('/')
  return steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document)
}
