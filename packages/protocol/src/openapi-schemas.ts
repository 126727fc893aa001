/** JSON Schemas of the contract, those with a name said once and referred to. */
import { z } from 'zod'
import * as fields from './fields.ts'
import * as accounts from './routes/accounts.ts'
import * as data from './routes/data.ts'
import * as devices from './routes/devices.ts'
import * as operations from './routes/operations.ts'
import * as sessions from './routes/sessions.ts'

export type JsonSchema = Record<string, unknown>
/** What a caller writes, or what a caller gets: a default makes a field optional in one and certain in the other. */
export type Side = 'input' | 'output'

export interface Schemas {
  of(schema: z.ZodType, side: Side): JsonSchema
  components: Record<string, JsonSchema>
}

const componentPath = '#/components/schemas/'

/** Translates all schemas at once, so that what is said twice becomes a reference. */
export function translate(wanted: Record<Side, readonly z.ZodType[]>): Schemas {
  const input = translateSide('input', wanted.input)
  const output = translateSide('output', wanted.output)
  const components = { ...input.components }
  for (const [name, schema] of Object.entries(output.components)) {
    const other = components[name]
    if (other && JSON.stringify(other) !== JSON.stringify(schema))
      throw new Error(`${name} is not the same when written as when read: give each side a schema of its own`)
    components[name] = schema
  }
  return {
    of: (schema, side) => (side === 'input' ? input : output).of(schema),
    components: Object.fromEntries(Object.entries(components).sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}

function translateSide(side: Side, wanted: readonly z.ZodType[]) {
  const named = namedSchemas()
  const registry = z.registry<{ id: string }>()
  for (const [schema, id] of named) registry.add(schema, { id })
  const ids = new Map(named)
  for (const schema of wanted) {
    if (ids.has(schema)) continue
    const id = `#${ids.size}`
    ids.set(schema, id)
    registry.add(schema, { id })
  }
  const { schemas } = z.toJSONSchema(registry, {
    io: side,
    uri: (id) => componentPath + id,
    // What only a caller writes (an address that becomes lower-case) has no shape on the way out; nothing refers to it there.
    unrepresentable: side === 'input' ? 'throw' : 'any',
    override: ({ jsonSchema }) => dropSafeIntegerLimits(jsonSchema),
  })
  const bodyOf = (id: string): JsonSchema => {
    const { $schema, $id, ...body } = schemas[id] as JsonSchema
    return body
  }
  const of = (schema: z.ZodType): JsonSchema => {
    const id = ids.get(schema)
    if (id === undefined) throw new Error('a schema was asked for that was not translated')
    return named.has(schema) ? { $ref: componentPath + id } : bodyOf(id)
  }
  const components: Record<string, JsonSchema> = {}
  const pending = wanted.flatMap((schema) => refsIn(of(schema)))
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (components[name]) continue
    const body = bodyOf(name)
    components[name] = body
    pending.push(...refsIn(body))
  }
  return { of, components }
}

/** Every schema that a contract file or `fields.ts` exports under a capital letter. */
function namedSchemas(): Map<z.ZodType, string> {
  const named = new Map<z.ZodType, string>()
  const taken = new Set<string>()
  for (const [name, schema] of [fields, accounts, data, devices, operations, sessions].flatMap(Object.entries)) {
    if (!(schema instanceof z.ZodType) || !/^[A-Z]/.test(name)) continue
    if (taken.has(name)) throw new Error(`two contracts export a schema called ${name}`)
    taken.add(name)
    named.set(schema, name)
  }
  return named
}

/** Names of the components that a schema refers to. */
function refsIn(schema: JsonSchema): string[] {
  return [...JSON.stringify(schema).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
    ([, name]) => name ?? '',
  )
}

/** `z.int()` means a safe integer, which would put ± 9,007,199,254,740,991 beside every count. */
function dropSafeIntegerLimits(schema: JsonSchema): void {
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum']
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum']
}
