/** What the contract's checks found, said as what would be right: whoever reads it may never have seen the schema. */
import type { z } from 'zod'

type Issue = z.core.$ZodIssue

export function wordsFor(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined') ? 'is missing' : `takes ${typeName(issue.expected)}`
    case 'invalid_format':
      return formats[issue.format] ?? ownWords(issue)
    case 'invalid_value':
      return `takes ${inWords(issue.values.map(String))}`
    case 'too_small':
      return `takes ${amount(issue.origin, issue.minimum, 'at least')}`
    case 'too_big':
      return `takes ${amount(issue.origin, issue.maximum, 'at most')}`
    case 'invalid_union':
      return issue.discriminator && 'options' in issue
        ? `takes ${inWords((issue.options as unknown[]).map(String))}`
        : unionWords(issue.errors)
    default:
      return issue.message
  }
}

const types: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a JSON object',
  record: 'a JSON object',
  null: 'null',
}

const typeName = (expected: string): string => types[expected] ?? expected

const formats: Readonly<Record<string, string>> = {
  datetime: 'takes a date and time with an offset, like 2026-01-31T08:30:00Z',
  date: 'takes a day of the calendar, like 2026-01-31',
  email: 'takes an e-mail address',
  url: 'takes an address, like https://example.org',
  uuid: 'takes an id, like 01980a4e-7c00-7000-8000-000000000000',
}

/** A pattern says nothing to a person, unless the schema says it in words. */
const ownWords = ({ message }: Issue): string =>
  message.startsWith('Invalid') ? 'is not written as it has to be' : message

function amount(origin: string, limit: number | bigint, bound: string): string {
  const plural = limit === 1 ? '' : 's'
  if (origin === 'string') return `${bound} ${limit} character${plural}`
  if (origin === 'array') return `${bound} ${limit} element${plural}`
  return `a number of ${bound} ${limit}`
}

/** One fault a branch, at the value itself, is what the value may be; anything deeper would need the schema to follow. */
function unionWords(branches: readonly (readonly Issue[])[]): string {
  const words = branches.flatMap(([first, ...more]) =>
    first && !more.length && !first.path.length ? [wordsFor(first)] : [],
  )
  const takes = words.flatMap((word) => (word.startsWith('takes ') ? [word.slice('takes '.length)] : []))
  return takes.length === branches.length
    ? `takes ${inWords([...new Set(takes)])}`
    : 'has none of the forms that are taken here'
}

function inWords(choices: readonly string[]): string {
  const last = choices.at(-1) ?? 'nothing'
  return choices.length > 1 ? `${choices.slice(0, -1).join(', ')} or ${last}` : last
}
