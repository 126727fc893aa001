/** Where a walk through a document stands with all patterns at once. */
export interface Branch {
  /** The pattern that ends here. */
  pattern: string | undefined
  /** What a key or index leads to; undefined when no pattern goes that way. */
  at(key: string): Branch | undefined
}

class Node implements Branch {
  pattern: string | undefined
  readonly named = new Map<string, Node>()
  any: Node | undefined

  at(key: string): Node | undefined {
    return this.named.get(key) ?? this.any
  }

  under(step: string): Node {
    if (step === '*') {
      this.any ??= new Node()
      return this.any
    }
    let node = this.named.get(step)
    if (!node) {
      node = new Node()
      this.named.set(step, node)
    }
    return node
  }
}

/**
 * `data.metrics.*.name`: names parted by dots, `*` for any name or index; the empty pattern is the whole document.
 * A name goes before `*`, and a pattern inside another's value is never reached.
 */
export function compilePatterns(patterns: readonly string[]): Branch {
  const root = new Node()
  for (const pattern of patterns) {
    let node = root
    if (pattern) for (const step of pattern.split('.')) node = node.under(step)
    node.pattern = pattern
  }
  return root
}
