import { namedRows } from '../archives/csv.ts'
import { baseName } from '../archives/paths.ts'
import { readIso, readNumber } from '../archives/read-times.ts'
import { type Context, type EntryReader, googleFit } from './context.ts'

/** Titles are in the account's language; a unit in brackets and a few stems tell the columns that matter. */
const titles: readonly (readonly [RegExp, string])[] = [
  [
    /^(start time|startzeit|heure de début|hora de inicio|ora di inizio|hora de início|begintijd|godzina rozpoczęcia)$/,
    'start time',
  ],
  [
    /^(end time|endzeit|heure de fin|hora de finalización|ora di fine|hora de término|eindtijd|godzina zakończenia)$/,
    'end time',
  ],
  [/^(date|datum|fecha|data)$/, 'date'],
  [/\(kcal\)/, 'calories (kcal)'],
  [/^(distance|distanz|distancia|distanza|distância|afstand|dystans)[^(]*\(m\)/, 'distance (m)'],
  [/step|schritt|nombre de pas|pasos|passi|passos|stappen|krok/, 'step count'],
  [/^(average heart rate|durchschnittliche herzfrequenz) \(bpm\)/, 'average heart rate (bpm)'],
]

const columns = new Set(
  'start time|end time|date|calories (kcal)|distance (m)|step count|average heart rate (bpm)|heart points|move minutes count'.split(
    '|',
  ),
)

const amounts = [
  ['step count', 'steps'],
  ['distance (m)', 'distance'],
  ['calories (kcal)', 'energy_total'],
] as const

/** `Daily activity metrics/YYYY-MM-DD.csv`: quarter hours, for exports without `All Data`. */
export const dayFile = /(?:^|\/)(\d{4}-\d\d-\d\d)\.csv$/

export const readFitDay: EntryReader = async function* (entry, context) {
  const date = dayFile.exec(entry.path)?.[1] as string
  const { gather } = context
  const options = { name: 'Google Fit day', columns, rename }
  for await (const row of namedRows(entry, gather, options)) {
    const from = quarterOf(date, row.get('start time'), context)
    let to = quarterOf(date, row.get('end time'), context)
    if (from === undefined || to === undefined) {
      gather.reject(googleFit, 'time_unreadable', `${baseName(entry.path)}: the times of a row cannot be read`)
      continue
    }
    if (to.t < from.t) to = { ...to, t: to.t + 86_400_000 } // the last quarter hour ends at 00:00
    const extras = { duration: to.t - from.t, ...(from.offset === undefined ? {} : { offset: from.offset }) }
    for (const [column, metric] of amounts) {
      const value = row.get(column)
      if (value !== undefined) gather.sample(googleFit, metric, from.t, readNumber(value), extras)
    }
    const heartRate = row.get('average heart rate (bpm)')
    if (heartRate !== undefined) gather.sample(googleFit, 'heart_rate', from.t, readNumber(heartRate), extras)
    addToDay(context, date, 'heart_points', row.get('heart points'))
    addToDay(context, date, 'active_duration', row.get('move minutes count'), 'min')
    if (gather.hasReady) yield
  }
}

function rename(title: string): string {
  if (columns.has(title)) return title
  return titles.find(([pattern]) => pattern.test(title))?.[1] ?? title
}

function addToDay({ days }: Context, date: string, metric: string, text: string | undefined, unit?: string): void {
  const value = readNumber(text)
  if (Number.isFinite(value)) days.add(googleFit, metric, date, value, unit)
}

/** `08:15:00.000+02:00`, with the zone of that day. */
function quarterOf(date: string, text: string | undefined, { clock }: Context) {
  const read = text === undefined ? undefined : readIso(`${date}T${text}`)
  if (!read) return undefined
  const t = read.offset === undefined ? clock.timeOf(read.wall) : read.wall - read.offset * 60_000
  return { t, offset: read.offset }
}
