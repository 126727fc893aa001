import { catalogue, conversionFor, convert, type MetricId, resolveDataType, unitsOf } from '@tributary/protocol'
import { type DateOrder, readClock, readOfDay } from '../clock-text.ts'
import type { CsvGuess, TimeFormat } from './mapping.ts'
import { isEmptyCell, readCell } from './numbers.ts'
import { metricOfWord, timeOfWord } from './words.ts'

/** Of a column's cells, as many must be of the kind it is taken for. */
const most = 0.8

/** What the names and the values of a table's columns suggest; null when no column is a time or none a measurement. */
export function guessMapping(columns: readonly string[], rows: readonly (readonly string[])[]): CsvGuess | null {
  const cellsOf = (i: number) => rows.map((row) => row[i] ?? '').filter((cell) => !isEmptyCell(cell))
  const tables = columns.map((name, i) => ({ name, cells: cellsOf(i) }))
  const decimal = guessDecimal(tables.map(({ cells }) => cells))
  const time = guessTime(tables, decimal)
  if (!time) return null
  const taken = new Set<MetricId>()
  const values = tables.flatMap(({ name, cells }) => {
    if (name === time.column || name === time.time_column) return []
    const found = guessValue(name, cells, decimal)
    if (!found || taken.has(found.metric)) return []
    taken.add(found.metric)
    return [{ column: name, ...found }]
  })
  return values.length ? { time, decimal, values } : null
}

interface Column {
  name: string
  cells: string[]
}

/** A comma between digits is a decimal one unless points say otherwise, or it only ever sets three digits apart. */
function guessDecimal(cells: string[][]): '.' | ',' {
  const all = cells.flat()
  const commas = all.filter((cell) => /^[+−-]?\d+,\d+(\s*\D*)$/.test(cell.trim()))
  const points = all.filter((cell) => /^[+−-]?\d+\.\d+(\s*[^\d.]*)$/.test(cell.trim()))
  if (commas.length === 0 || points.length > commas.length) return '.'
  return commas.every((cell) => /^\D*[1-9]\d{0,2},\d{3}\D*$/.test(cell.trim())) && !points.some(isThousands) ? '.' : ','
}

function isThousands(cell: string): boolean {
  return /^\D*\d{1,3}\.\d{3}\D*$/.test(cell.trim())
}

function guessTime(tables: Column[], decimal: '.' | ','): CsvGuess['time'] | undefined {
  const candidates = tables.flatMap(({ name, cells }) => {
    const found = timeFormatOf(name, cells, decimal)
    const word = timeOfWord(baseName(name))
    // A name counts for more than a place; of two times the one that says date and time of day.
    return found
      ? [{ column: name, ...found, rank: (word === 'both' ? 3 : word ? 2 : 0) + (found.hasOfDay ? 1 : 0) }]
      : []
  })
  const best = candidates.sort((a, b) => b.rank - a.rank)[0]
  if (!best) return undefined
  const time = { column: best.column, format: best.format }
  if (best.hasOfDay) return time
  const ofDay = tables.find(
    ({ name, cells }) => name !== best.column && share(cells, (cell) => readOfDay(cell) !== undefined) >= most,
  )
  return ofDay && timeOfWord(baseName(ofDay.name)) ? { ...time, time_column: ofDay.name } : time
}

function timeFormatOf(
  name: string,
  cells: string[],
  decimal: '.' | ',',
): { format: TimeFormat; hasOfDay: boolean } | undefined {
  if (!cells.length) return undefined
  const readable = (order: DateOrder) => share(cells, (cell) => readClock(cell, order) !== undefined)
  const hasOfDay = (order: DateOrder) => share(cells, (cell) => readClock(cell, order)?.ofDay !== undefined) >= 0.5
  if (readable('ymd') >= most) {
    const isIso = share(cells, (cell) => /^\d{4}-\d\d-\d\d/.test(cell.trim())) >= most
    return { format: isIso ? 'iso' : 'ymd', hasOfDay: hasOfDay('ymd') }
  }
  const [dmy, mdy] = [readable('dmy'), readable('mdy')]
  if (Math.max(dmy, mdy) >= most) {
    const format = dmy > mdy ? 'dmy' : mdy > dmy ? 'mdy' : likelierOrder(cells, decimal)
    return { format, hasOfDay: hasOfDay(format) }
  }
  const numbers = cells.map((cell) => readCell(cell, decimal)).filter((found) => found && !found.unit)
  if (numbers.length < cells.length * most || timeOfWord(baseName(name)) === undefined) return undefined
  const middle = median(numbers.map((found) => found?.value ?? 0)) ?? 0
  if (middle > 946_684_800_000 && middle < 4e12) return { format: 'unix_ms', hasOfDay: true }
  if (middle > 946_684_800 && middle < 4e9) return { format: 'unix', hasOfDay: true }
  if (middle > 36_526 && middle < 80_000)
    return { format: 'excel', hasOfDay: numbers.some((found) => (found?.value ?? 0) % 1 !== 0) }
  return undefined
}

/** Both orders can be read: rows are near each other in the right one, and far apart in the other. */
function likelierOrder(cells: string[], decimal: '.' | ','): 'dmy' | 'mdy' {
  const [dmy, mdy] = (['dmy', 'mdy'] as const).map((order) => {
    const days = cells.map((cell) => readClock(cell, order)?.date ?? 0)
    return days.reduce((sum, day, i) => sum + Math.abs(day - (days[i - 1] ?? day)), 0)
  }) as [number, number]
  if (dmy !== mdy) return dmy < mdy ? 'dmy' : 'mdy'
  return decimal === ',' || cells.some((cell) => /^\d{1,2}\./.test(cell.trim())) ? 'dmy' : 'mdy'
}

function guessValue(
  name: string,
  cells: string[],
  decimal: '.' | ',',
): { metric: MetricId; unit?: string } | undefined {
  const numbers = cells.flatMap((cell) => readCell(cell, decimal) ?? [])
  if (!cells.length || numbers.length < cells.length * most) return undefined
  const { base, unit } = splitUnit(name)
  const metric = metricNamed(base) ?? metricNamed(name)
  if (!metric || catalogue[metric].words) return undefined
  if (unit !== undefined && conversionFor(metric, unit)) return { metric, unit }
  if (unit !== undefined && metricNamed(name) === undefined && isUnitLike(unit)) return undefined
  const written = numbers.find((found) => found.unit)?.unit
  if (written !== undefined) return conversionFor(metric, written) ? { metric } : undefined
  const fitting = unitThatFits(metric, median(numbers.map(({ value }) => value)) ?? 0)
  return fitting === undefined ? { metric } : { metric, unit: fitting }
}

function metricNamed(name: string): MetricId | undefined {
  const word = metricOfWord(name)
  if (word) return word
  const type = resolveDataType(name)
  return type?.kind === 'metric' ? type.metric : undefined
}

/** A column in a unit that its metric is never measured in is something else: `Weight (reps)`. */
function isUnitLike(unit: string): boolean {
  return unit.length > 0 && unit.length <= 12
}

/** Values that no living person has in the catalogue's unit, and every person in another one (178 as metres of height). */
function unitThatFits(metric: MetricId, middle: number): string | undefined {
  const flag = catalogue[metric].flag
  if (!flag || (middle >= flag[0] && middle <= flag[1])) return undefined
  return unitsOf(metric).find((unit) => {
    const conversion = conversionFor(metric, unit)
    const value = conversion ? convert(conversion, middle) : Number.NaN
    return value >= flag[0] && value <= flag[1]
  })
}

const bracketed = /^(.*?)[\s_]*[([{]\s*([^)\]}]*?)\s*[)\]}]\s*$/
const trailing = /^(.*?)(?:\s+in\s+|\s*[,/]\s*|[\s_]+)([^\s_,]+)$/i

/** `Weight (kg)`, `Heart Rate [bpm]`, `Distance, km`, `weight_kg`. A trailing word is a unit only if some metric knows it. */
function splitUnit(name: string): { base: string; unit?: string } {
  const found = bracketed.exec(name)
  if (found) return { base: found[1] as string, unit: found[2] as string }
  const behind = trailing.exec(name)
  const metric = behind && metricNamed(behind[1] as string)
  if (behind && metric && conversionFor(metric, behind[2] as string))
    return { base: behind[1] as string, unit: behind[2] as string }
  return { base: name }
}

function baseName(name: string): string {
  return bracketed.exec(name)?.[1] ?? name
}

function share(cells: readonly string[], is: (cell: string) => boolean): number {
  return cells.length ? cells.filter(is).length / cells.length : 0
}

function median(values: number[]): number | undefined {
  return values.sort((a, b) => a - b)[values.length >> 1]
}
