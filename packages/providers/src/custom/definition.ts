/**
 * A device's own HTTP API, said by its owner as data: where to ask, how to page, and which JSONPath (RFC 9535) is which metric, unit and
 * time. Nothing in it is code, and each path is plain: names, places and `*`, so that reading takes time in proportion to the answer.
 */
import { conversionFor, isMetric, primaryKind } from '@tributary/protocol'
import { z } from 'zod'
import { compilePath, meetsTwice } from './plain-path.ts'

/** Filters and descendants would let a short path ask for long work. */
const costly = /[?]|\.\./

const Path = z
  .string()
  .min(1)
  .max(300)
  .superRefine((text, context) => {
    if (costly.test(text))
      return context.addIssue({ code: 'custom', message: 'takes names, places and * only: no filters, no ..' })
    try {
      if (meetsTwice(compilePath(text)))
        context.addIssue({
          code: 'custom',
          message: 'takes several in one [ ] only as different names, or as different places from the front',
        })
    } catch (error) {
      context.addIssue({
        code: 'custom',
        message: `is no JSONPath: ${error instanceof Error ? error.message : 'unknown reason'}`,
      })
    }
    return undefined
  })
  .meta({ description: 'JSONPath (RFC 9535) without filters and `..`' })

const OnePath = Path.refine(
  (text) => costly.test(text) || isSingular(text),
  'must lead to one value: no * and no ranges',
)

function isSingular(text: string): boolean {
  try {
    return compilePath(text).singularQuery()
  } catch {
    return true // told by Path already
  }
}

const Name = z.string().trim().min(1).max(100)
const Parameter = z.string().regex(/^[\w.[\]-]{1,60}$/, 'takes letters, digits, . _ - [ ]')
const Header = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,60}$/, 'takes letters, digits and -')
  .refine(
    (name) => !/^(host|content-length|transfer-encoding|connection|cookie|forwarded|x-forwarded-.*)$/i.test(name),
    'may not be set',
  )

const timeFormats = ['iso', 'unix', 'unix_ms'] as const

const Mapping = z
  .strictObject({
    metric: z.string().refine(isMetric, 'is not in the catalogue'),
    value: OnePath,
    unit: z.string().max(40).optional().meta({ description: 'Of all values; the catalogue’s own when absent' }),
    time: OnePath,
    end: OnePath.optional(),
    time_format: z.enum(timeFormats).default('iso'),
    id: OnePath.optional().meta({ description: 'Told again under the same id, a value is replaced' }),
  })
  .superRefine(({ metric, unit }, context) => {
    if (!isMetric(metric)) return
    if (!conversionFor(metric, unit))
      context.addIssue({ code: 'custom', path: ['unit'], message: `${metric} is never measured in it` })
    if (primaryKind(metric) === 'E' && ['workout', 'sleep', 'ecg'].includes(metric))
      context.addIssue({ code: 'custom', path: ['metric'], message: 'is a session, and cannot be told by one value' })
  })

const Paging = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('page'), parameter: Parameter, first: z.number().int().min(0).max(1).default(1) }),
  z.strictObject({ kind: z.literal('offset'), parameter: Parameter, step: z.number().int().min(1).max(10_000) }),
  z.strictObject({ kind: z.literal('cursor'), parameter: Parameter, next: OnePath }),
  z.strictObject({ kind: z.literal('next_url'), next: OnePath }),
])

/** Of a path before its question. Servers and proxies decode differently often, so `%252e` counts as a dot too. */
function staysBelow(path: string): boolean {
  let [text = ''] = path.split('?')
  if (/\\|\/\//.test(text)) return false
  while (text.includes('%25')) text = text.replaceAll('%25', '%')
  const segments = text.replace(/%2e/gi, '.').split(/\/|%2f|%5c/i)
  return !segments.some((segment) => segment === '..' || segment === '.')
}

const Feed = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'takes small letters, digits and _'),
  title: Name,
  path: z
    .string()
    .min(1)
    .max(500)
    .regex(/^\/(?!\/)[^\s#]*$/, 'begins with one / and holds no spaces')
    .refine(staysBelow, 'lies below base_url: no .. or . between slashes, however they are spelt, no // and no \\')
    .refine(
      (path) => [...path.matchAll(/\{([^}]*)\}/g)].every(([, name]) => placeholders.includes(name as never)),
      'knows {from:iso}, {from:date}, {from:unix}, {from:unix_ms} and the same of to',
    )
    .meta({ description: 'With `{from:iso}`, `{to:unix}` … for the stretch that is asked for' }),
  window_days: z.number().int().min(1).max(3_650).default(30),
  look_back_days: z.number().int().min(0).max(90).default(1),
  records: Path.meta({ description: 'Leads to each record of an answer' }),
  paging: Paging.default({ kind: 'none' }),
  map: z.array(Mapping).min(1).max(50),
})

const placeholders = ['from', 'to'].flatMap((name) =>
  ['iso', 'date', 'unix', 'unix_ms'].map((format) => `${name}:${format}`),
)

export const CustomDefinition = z
  .strictObject({
    name: Name,
    base_url: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .refine(
        (url) =>
          !URL.canParse(url) ||
          (new URL(url).username === '' && new URL(url).search === '' && new URL(url).hash === ''),
        'takes no password, question or fragment',
      ),
    auth: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('none') }),
        z.strictObject({ kind: z.literal('bearer') }),
        z.strictObject({ kind: z.literal('basic') }),
        z.strictObject({ kind: z.literal('header'), header: Header }),
      ])
      .default({ kind: 'none' }),
    feeds: z.array(Feed).min(1).max(20),
  })
  .refine(({ feeds }) => new Set(feeds.map(({ id }) => id)).size === feeds.length, {
    path: ['feeds'],
    message: 'two feeds have one id',
  })

export type CustomDefinition = z.output<typeof CustomDefinition>
export type CustomFeed = CustomDefinition['feeds'][number]
