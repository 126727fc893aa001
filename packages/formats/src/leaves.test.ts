/** Every leaf of a real FIT, TCX or GPX file means something to its reader, or is named as unused, or has its reason here. */
import { expect, test } from 'vitest'
import { FitDecoder } from './fit/decoder.ts'
import { Message } from './fit/definition.ts'
import { messageName } from './fit/profile.ts'
import { recordFieldName } from './fit/record-fields.ts'
import { unusedName } from './fit/unused-fields.ts'
import { Losses } from './losses.ts'
import { parseActivity } from './parse-activity.ts'
import type { ParsedFile } from './parsed-file.ts'
import { fixture } from './testing/fixture.ts'
import { plainArrays } from './testing/silent-leaves.ts'

const now = Date.UTC(2026, 11, 31)

/** What was understood; what was lost or left is no meaning. */
async function read(bytes: Uint8Array): Promise<{ said: string; unused: string[] }> {
  const parsed = await parseActivity(bytes, { now }).catch((error: Error) => error)
  if (parsed instanceof Error) return { said: parsed.message, unused: [] }
  const { sessions, readings, source }: ParsedFile = parsed
  return {
    said: JSON.stringify([sessions, readings, source], plainArrays),
    unused: parsed.unused.map(({ name }) => name),
  }
}

const withoutMeaning: Readonly<Record<string, string>> = {
  'fileId 0': 'an activity, whichever of its two types',
  'fileId 1': 'the device says its maker',
  'event 0': 'the only start and the last stop make no pause',
  'event 1': 'the only start and the last stop make no pause',
  'event 4': 'which group of events it is of',
  'event 253': 'the only start and the last stop make no pause',
  'sport 0': 'the session says its own',
  'sport 1': 'the session says its own',
  'session 0': 'that it was written',
  'session 1': 'that it was written',
  'session 27': 'which group of events it is of',
  'session 25': 'all laps are those of the only session',
  'session 26': 'all laps are those of the only session',
  'session 253': 'when it was written: its start and its length say when it ended',
  'session 254': 'the number that it has among its kind',
  'lap 0': 'that it was written',
  'lap 1': 'that it was written',
  'lap 25': 'the session says its own',
  'lap 26': 'which group of events it is of',
  'lap 39': 'the session says its own',
  'lap 253': 'when it was written: its start and its length say when it ended',
  'lap 254': 'the number that it has among its kind',
  'activity 3': 'that it was written',
  'activity 4': 'that it was written',
  'activity 6': 'which group of events it is of',
  'Creator/ProductID': 'the device has a name',
}

interface Leaf {
  id: string
  /** What it would be called among what is unused, and its message. */
  names: string[]
  /** The first bytes of its first values in the file. */
  at: number[]
  /** Bytes of one value. */
  size: number
}

function fitLeaves(bytes: Uint8Array): Leaf[] {
  const leaves = new Map<string, Leaf>()
  const decoder = new FitDecoder(
    {
      begin: () => undefined,
      define: (definition) => (view, at, time) => {
        const { global, fields } = definition
        const present = new Message(definition, view, at, time).present
        for (const { num, at: place, size } of fields.filter((field) => present.includes(field.num))) {
          const id = `${messageName(global)} ${num}`
          const names = [messageName(global), unusedName(global, num), `record ${recordFieldName(num)}`]
          const leaf = leaves.get(id) ?? { id, names, at: [], size }
          leaf.at.push(at + place)
          leaves.set(id, leaf)
        }
      },
    },
    new Losses(),
  )
  decoder.push(bytes)
  decoder.end()
  return [...leaves.values()]
}

const changesOfOne = [
  [0, 1],
  [0, 0x20],
] as const
/** Of the second byte as well: a clock is read to quarters of an hour. */
const changesOfMany = [...changesOfOne, [1, 0x20]] as const

/** Whether any of its values, changed by a bit, changes what is understood. */
async function isHeard(bytes: Uint8Array, { at, size }: Leaf, said: string): Promise<boolean> {
  for (const place of at.slice(0, 12)) {
    for (const [byte, bit] of size > 1 ? changesOfMany : changesOfOne) {
      const changed = Uint8Array.from(bytes)
      changed[place + byte] = (changed[place + byte] as number) ^ bit
      if ((await read(changed)).said !== said) return true
    }
  }
  return false
}

test.each(['garmin-fenix-5-walk.fit', 'activity-settings-corruptheader.fit'])(
  'no field of %s is passed over without a word',
  async (name) => {
    const bytes = fixture(`fit/${name}`)
    const { said, unused } = await read(bytes)
    const leaves = fitLeaves(bytes).filter(
      ({ names, id }) => !names.some((one) => unused.includes(one)) && !withoutMeaning[id],
    )
    expect(leaves.length).toBeGreaterThan(10)
    const silent: string[] = []
    for (const leaf of leaves) if (!(await isHeard(bytes, leaf, said))) silent.push(leaf.id)
    expect(silent).toEqual([])
  },
)

interface Text {
  path: string
  /** The first and the last of the path: the first of several tracks may be joined to another. */
  places: { from: number; to: number }[]
}

function xmlLeaves(text: string): Text[] {
  const leaves = new Map<string, Text>()
  const open: string[] = []
  for (const tag of text.matchAll(/<(\/?)([\w:]+)[^>]*?(\/?)>([^<]*)/g)) {
    const [whole, end, name = '', closed, inner = ''] = tag
    if (end) open.pop()
    else if (!closed) {
      open.push(name.replace(/^\w+:/, ''))
      const to = tag.index + whole.length
      const path = open.join('/')
      if (!inner.trim()) continue
      const leaf = leaves.get(path) ?? { path, places: [] }
      leaf.places[Math.min(1, leaf.places.length)] = { from: to - inner.length, to }
      leaves.set(path, leaf)
    }
  }
  return [...leaves.values()]
}

/** A figure becomes another one that can be; a word becomes longer. */
function otherText(text: string): string {
  const fifthDecimal = text.search(/\.\d{5}/) + 5
  const at = fifthDecimal > 5 ? fifthDecimal : text.search(/\d\D*$/)
  if (at < 0) return `${text}x`
  const digit = Number(text[at])
  return text.slice(0, at) + (digit === 0 ? 1 : digit - 1) + text.slice(at + 1)
}

test.each(['gpx/cerknicko-jezero.gpx', 'tcx/sup_activity_1.tcx'])(
  'no element of %s is passed over without a word',
  async (name) => {
    const text = Buffer.from(fixture(name)).toString()
    const { said, unused } = await read(Buffer.from(text))
    const silent: string[] = []
    const leaves = xmlLeaves(text)
    expect(leaves.length).toBeGreaterThan(3)
    for (const { path, places } of leaves) {
      const [leaf = '', parent = ''] = path.split('/').reverse()
      const names = [`point ${leaf}`, `${parent} ${leaf}`, `${parent}/${leaf}`, parent === 'wpt' ? 'waypoint' : '']
      if (names.some((name) => unused.includes(name) || withoutMeaning[name])) continue
      let isHeard = false
      for (const { from, to } of places) {
        const changed = text.slice(0, from) + otherText(text.slice(from, to)) + text.slice(to)
        isHeard ||= (await read(Buffer.from(changed))).said !== said
      }
      if (!isHeard) silent.push(path)
    }
    expect(silent).toEqual([])
  },
)
