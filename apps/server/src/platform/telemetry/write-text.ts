/** Prometheus' text format, version 0.0.4. */

export interface Sample {
  /** After the name: a histogram's `_bucket`, `_sum` and `_count`. */
  suffix?: string
  labels?: Readonly<Record<string, string>>
  value: number
}

export interface Family {
  /** Without the `tributary_` that all of them begin with. */
  name: string
  type: 'counter' | 'gauge' | 'histogram'
  help: string
  samples: readonly Sample[]
}

export const textType = 'text/plain; version=0.0.4; charset=utf-8'

export function writeText(families: readonly Family[]): string {
  const lines = families.flatMap(({ name, type, help, samples }) => [
    `# HELP tributary_${name} ${help}`,
    `# TYPE tributary_${name} ${type}`,
    ...samples.map(
      ({ suffix = '', labels = {}, value }) => `tributary_${name}${suffix}${spelt(labels)} ${numberOf(value)}`,
    ),
  ])
  return `${lines.join('\n')}\n`
}

function spelt(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length ? `{${pairs.join(',')}}` : ''
}

const escaped = (value: string) => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

const numberOf = (value: number) => (value === Number.POSITIVE_INFINITY ? '+Inf' : String(value))
