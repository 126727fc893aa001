import { expect, test } from 'vitest'
import type { ArchiveEntry } from '../piece.ts'
import { fixture } from '../testing/fixture.ts'
import { entriesOf, entryOf, readAll } from '../testing/read.ts'
import { appleHealthExport } from './index.ts'

const now = Date.UTC(2026, 11, 1)
const folder = 'apple-health/everything'
const name = 'exportar.xml'
const xml = Buffer.from(fixture(`${folder}/${name}`)).toString()
const routes = entriesOf(folder).filter(({ path }) => path.endsWith('.gpx'))

/**
 * Leaves that may say anything without a difference, and why. The keys are `element@attribute`, or `element@attribute of type`.
 * Elements that the reader itself names as unused need no line here.
 */
const withoutMeaning: Readonly<Record<string, string>> = {
  'HealthData@locale': 'values and dates are written the same way in all of them',
  'Record@creationDate': 'when the phone learned of it: bookkeeping',
  'Record@sourceVersion': 'the device says its software, an app’s version means nothing to a person',
  'Correlation@creationDate': 'bookkeeping',
  'Correlation@sourceVersion': 'bookkeeping',
  'Correlation@sourceName': 'its parts name their own',
  'Workout@creationDate': 'bookkeeping',
  'Workout@sourceVersion': 'bookkeeping',
  'Workout@device': 'the newest record of a source names its device, and that is no workout here',
  'Record@endDate of HKQuantityTypeIdentifierRestingHeartRate': 'a figure for the date on which it starts',
  'Record@endDate of HKQuantityTypeIdentifierWalkingHeartRateAverage': 'a figure for the date on which it starts',
  'Record@endDate of HKQuantityTypeIdentifierBasalBodyTemperature': 'a figure for the date on which it starts',
  'Record@startDate of HKQuantityTypeIdentifierAtrialFibrillationBurden':
    'a figure for the date on which its week ends',
  'Record@startDate of HKQuantityTypeIdentifierAppleSleepingBreathingDisturbances':
    'a figure for the date of waking up',
  'Record@startDate of HKQuantityTypeIdentifierAppleWalkingSteadiness': 'a figure for the date on which its week ends',
  'Record@endDate of HKCategoryTypeIdentifierAppleStandHour': 'an hour is an hour',
  'Record@value of HKCategoryTypeIdentifierMindfulSession': 'always "not applicable"',
  'Record@value of HKCategoryTypeIdentifierHighHeartRateEvent': 'always "not applicable"',
  'Record@value of HKCategoryTypeIdentifierLowHeartRateEvent': 'always "not applicable"',
  'Record@value of HKCategoryTypeIdentifierIrregularHeartRhythmEvent': 'always "not applicable"',
  'Record@value of HKCategoryTypeIdentifierHandwashingEvent': 'always "not applicable"',
  'Record@value of HKCategoryTypeIdentifierIntermenstrualBleeding': 'always "not applicable"',
  'Record@type of HKQuantityTypeIdentifierBloodPressureDiastolic':
    'it stands at the top and in the correlation: one is enough',
  'Correlation@type of HKCorrelationTypeIdentifierBloodPressure': 'its parts stand at the top as well',
  'Correlation@startDate of HKCorrelationTypeIdentifierBloodPressure': 'its parts have their own',
  'Correlation@endDate of HKCorrelationTypeIdentifierBloodPressure': 'its parts have their own',
  'WorkoutRoute@sourceName': 'a route belongs to its workout',
  'WorkoutRoute@sourceVersion': 'a route belongs to its workout',
  'WorkoutRoute@device': 'a route belongs to its workout',
  'WorkoutRoute@creationDate': 'bookkeeping',
  'WorkoutRoute@startDate': 'its points have times',
  'WorkoutRoute@endDate': 'its points have times',
  'WorkoutRoute/MetadataEntry@value of HKMetadataKeySyncVersion': 'bookkeeping',
  'WorkoutRoute/MetadataEntry@key of HKMetadataKeySyncVersion': 'bookkeeping',
  'WorkoutStatistics@startDate': 'the workout has its time',
  'WorkoutStatistics@endDate': 'the workout has its time',
  'WorkoutActivity@uuid': 'a name that no other record speaks of',
  'ActivitySummary@activeEnergyBurnedGoal': 'a wish, not a measurement: the catalogue has no goals',
  'ActivitySummary@appleMoveTimeGoal': 'a goal',
  'ActivitySummary@appleExerciseTimeGoal': 'a goal',
  'ActivitySummary@appleStandHoursGoal': 'a goal',
}

interface Leaf {
  /** `element@attribute`. */
  id: string
  /** With the type or key of its element. */
  typed: string
  from: number
  to: number
  value: string
  /** Names of its element and those around it, and their types. */
  around: string[]
}

/** Every attribute of the document, with its place. */
function leavesOf(document: string): Leaf[] {
  const leaves: Leaf[] = []
  const open: { name: string; type: string }[] = []
  for (const tag of document
    .slice(document.indexOf('<HealthData'))
    .matchAll(/<(\/?)(\w+)((?:\s+\w+="[^"]*")*)\s*(\/?)>/g)) {
    const [, end, element = '', attributes = '', closes] = tag
    if (end) {
      open.pop()
      continue
    }
    const type = /\s(?:type|key)="([^"]*)"/.exec(attributes)?.[1] ?? ''
    open.push({ name: element, type })
    const from = document.indexOf('<HealthData') + tag.index + 1 + element.length
    for (const attribute of attributes.matchAll(/(\w+)="([^"]*)"/g)) {
      const [whole, key = '', value = ''] = attribute
      const start = from + attribute.index + key.length + 2
      const path =
        element === 'MetadataEntry' && open.at(-2)?.name === 'WorkoutRoute' ? 'WorkoutRoute/MetadataEntry' : element
      const id = `${path}@${key}`
      leaves.push({
        id,
        typed: `${id} of ${type}`,
        from: start,
        to: start + whole.length - key.length - 3,
        value,
        around: open.flatMap((one) => [one.name, one.type]),
      })
    }
    if (closes) open.pop()
  }
  return leaves
}

/** Another value that could stand there too. */
function changed({ id, value }: Leaf): string {
  if (/^(Record|Workout|Correlation|WorkoutActivity)@(start|end)Date$/.test(id))
    return shifted(value, id.endsWith('@endDate') ? 1 : -1)
  if (/Date$|@date$/.test(id)) return value.replace(/:(\d)(\d) /, (_, a, b) => `:${a}${(Number(b) + 3) % 10} `)
  if (id === 'ActivitySummary@dateComponents') return '2026-10-01'
  if (id === 'ExportDate@value') return '2026-10-14 09:15:00 +0200'
  if (/^[01]$/.test(value)) return value === '1' ? '0' : '1'
  if (/^-?[\d.]+$/.test(value)) return String(Number(value) + 1)
  if (/^[\d.]+ \S+$/.test(value)) return `${Number.parseFloat(value) + 1} ${value.split(' ')[1]}`
  if (value === 'Europe/Madrid') return 'Asia/Tokyo'
  if (value === 'America/New_York') return 'Asia/Tokyo'
  return `${value}X`
}

/** The document with other values at these leaves, which are in its order. */
function changedAt(changes: readonly Leaf[]): string {
  return changes.reduceRight((text, leaf) => text.slice(0, leaf.from) + changed(leaf) + text.slice(leaf.to), xml)
}

/** The same time of another day. */
function shifted(date: string, days: number): string {
  const day = new Date(Date.parse(`${date.slice(0, 10)}T00:00:00Z`) + days * 86_400_000)
  return day.toISOString().slice(0, 10) + date.slice(10)
}

async function outcome(document: string): Promise<{ text: string; unused: string[] }> {
  const entries: ArchiveEntry[] = [...routes, entryOf(`apple_health_export/${name}`, document)]
  const { pieces, ending } = await readAll(appleHealthExport.read({ name: 'x.zip', entries, now, timeZone: 'UTC' }))
  const told = pieces.map(({ progress: _, ...piece }) => piece)
  const values = (_: string, value: unknown) => (ArrayBuffer.isView(value) ? [...(value as Float64Array)] : value)
  const text = JSON.stringify([told, ending.complete, ending.rejected, ending.warnings], values)
  return { text, unused: ending.unused.map(({ name }) => name) }
}

const leaves = leavesOf(xml)
const base = await outcome(xml)
/** `metadata TimeZone` → TimeZone: what the reader itself calls unused. */
const named = new Set(
  base.unused.map((one) =>
    one
      .replace(/ \(.*\)$/, '')
      .replace(/^metadata /, '')
      .replace(/^Correlation /, 'HKCorrelationTypeIdentifier')
      .replace(/^WorkoutStatistics /, ''),
  ),
)
const isNamed = (leaf: Leaf) =>
  leaf.around.some((one) => named.has(one) || named.has(one.replace(/^HK(MetadataKey)?/, '')))

test('the made-up export has every element, and hundreds of leaves', () => {
  expect(leaves.length).toBeGreaterThan(1000)
  expect(base.unused.length).toBeGreaterThan(20)
})

test('every leaf of the export changes what is read, or is named as unused, or is listed here with a reason', {
  timeout: 60_000,
}, async () => {
  const groups = Map.groupBy(
    leaves.filter((leaf) => !isNamed(leaf)),
    // Many records say the same of their device, of which the newest counts: one that is heard is enough.
    ({ id, typed }) => (id === 'Record@device' || withoutMeaning[id] ? id : typed),
  )
  const heard = new Map<string, boolean>()
  for (const [key, group] of groups) {
    // What never has a meaning has none when all of it says something else; of the others one by one is tried until one is heard.
    const isOfAll = key in withoutMeaning && key === group[0]?.id
    for (const changes of isOfAll ? [group] : group.map((leaf) => [leaf])) {
      if (!heard.get(key)) heard.set(key, (await outcome(changedAt(changes))).text !== base.text)
    }
  }
  const silent = [...heard].filter(([, is]) => !is).map(([key]) => key)
  expect(silent.filter((key) => !withoutMeaning[key])).toEqual([])
  expect(Object.keys(withoutMeaning).filter((key) => heard.get(key))).toEqual([])
})

test('every reason is about a leaf that there is', () => {
  const there = new Set(leaves.flatMap(({ id, typed }) => [id, typed]))
  expect(Object.keys(withoutMeaning).filter((id) => !there.has(id))).toEqual([])
})
