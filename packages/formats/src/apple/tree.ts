/** Elements with children (workouts, correlations), whole; and elements as text again, for records that could not be used. */
export interface Node {
  name: string
  attributes: Record<string, string>
  children: Node[]
}

/** Of a raw record: enough for its own attributes, and to be tried again. */
const longestRaw = 8000

/** XML of a node. Children beyond `longestRaw` are left out whole, so that it can be read again. */
export function textOf(node: Node, room = longestRaw): string {
  const open = `<${node.name}${Object.entries(node.attributes)
    .map(([name, value]) => ` ${name}="${encode(value.slice(0, 1000))}"`)
    .join('')}`
  const close = `</${node.name}>`
  let inside = ''
  for (const child of node.children) {
    const text = textOf(child, room - open.length - inside.length - close.length - 1)
    if (open.length + inside.length + text.length + close.length + 1 > room) break
    inside += text
  }
  return inside ? `${open}>${inside}${close}` : `${open}/>`
}

export function childrenOf(node: Node, name: string): Node[] {
  return node.children.filter((child) => child.name === name)
}

function encode(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
