/**
 * JSONPath (RFC 9535) as far as a definition may use it: names, places, ranges and `*`. No value is met twice by it, so that a walk is
 * never longer than what is walked; a list of two overlapping things (`[*,*]`) would double its matches at each step.
 */
import { JSONPathEnvironment, JSONPathNode, type JSONPathQuery, type JSONValue, jsonpath } from 'json-p3'
import { ProviderError } from '../kit/errors.ts'

export type { JSONPathQuery } from 'json-p3'

const { NameSelector, IndexSelector } = jsonpath.selectors
type Selector = jsonpath.JSONPathSelector

const environment = new JSONPathEnvironment({ maxRecursionDepth: 64 })

export const compilePath = (text: string): JSONPathQuery => environment.compile(text)

/** Whether a bracket may lead to one value twice. Of places only those counted from the front are told apart without their list. */
export const meetsTwice = ({ segments }: JSONPathQuery): boolean =>
  segments.some(
    ({ selectors }) =>
      selectors.length > 1 &&
      (new Set(selectors.map(String)).size < selectors.length ||
        !(selectors.every(isName) || selectors.every(isFrontPlace))),
  )

const isName = (selector: Selector): boolean => selector instanceof NameSelector
const isFrontPlace = (selector: Selector): boolean => selector instanceof IndexSelector && selector.index >= 0

/** Of one answer, which is walked in about a second; a day of a value each second is 86,400. */
const mostNodes = 500_000

/** Each value that a path leads to, found one at a time, so that whoever has enough may stop. */
export function* valuesAt({ segments }: JSONPathQuery, value: unknown): Generator<unknown> {
  let met = 0
  const count = () => {
    if (++met > mostNodes)
      throw new ProviderError('bad_data', 'An answer has more than 500,000 values: ask for shorter stretches')
  }
  let nodes: Iterable<JSONPathNode> = [new JSONPathNode(value as JSONValue, [], value as JSONValue)]
  for (const { selectors } of segments) nodes = below(nodes, selectors, count)
  for (const node of nodes) yield node.value
}

function* below(nodes: Iterable<JSONPathNode>, selectors: readonly Selector[], count: () => void) {
  for (const node of nodes)
    for (const selector of selectors)
      for (const child of selector.lazyResolve(node)) {
        count()
        yield child
      }
}

/** The value of a path of names and places alone: walked without the library’s nodes, of which it makes one for each step of each record. */
export function valueAt({ segments }: JSONPathQuery, value: unknown): unknown {
  let at = value
  for (const { selectors } of segments) {
    at = selectors[0] && childOf(at, selectors[0])
    if (at === undefined) return undefined
  }
  return at
}

function childOf(value: unknown, selector: Selector): unknown {
  if (selector instanceof IndexSelector) return Array.isArray(value) ? value.at(selector.index) : undefined
  if (!(selector instanceof NameSelector) || Array.isArray(value) || typeof value !== 'object' || value === null)
    return undefined
  return Object.hasOwn(value, selector.name) ? value[selector.name as keyof typeof value] : undefined
}
