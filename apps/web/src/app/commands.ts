/** What the palette offers: every room, every metric there is something of, and what can be done from anywhere. */
import { metricTitle } from '../util/metric-words.ts'
import { type Place, path } from '../util/path-builder.ts'
import { rooms } from './rooms.ts'

export interface Command {
  title: string
  /** What kind of thing it is, in a word. */
  group: 'Room' | 'Chart' | 'Do'
  place?: Place
  act?: () => void
  /** More words it is found by. */
  words?: string
}

export function commandsFor(metrics: readonly string[], actions: readonly Command[]): Command[] {
  return [
    ...rooms.map(({ title, place }): Command => ({ title, group: 'Room', place })),
    ...actions,
    ...metrics.map(
      (metric): Command => ({
        title: metricTitle(metric),
        group: 'Chart',
        place: path.explore({ metric }),
        words: metric,
      }),
    ),
  ]
}

/** Those in which every word typed begins a word; what begins the title comes first. */
export function findCommands(commands: readonly Command[], typed: string): Command[] {
  const wanted = plain(typed).split(/\s+/).filter(Boolean)
  const scored = commands.flatMap((command) => {
    const words = plain(`${command.title} ${command.words ?? ''} ${command.group}`).split(/[^\p{L}\p{N}]+/u)
    if (!wanted.every((word) => words.some((known) => known.startsWith(word)))) return []
    return [{ command, isFirst: plain(command.title).startsWith(wanted[0] ?? '') }]
  })
  return scored.toSorted((a, b) => Number(b.isFirst) - Number(a.isFirst)).map(({ command }) => command)
}

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
