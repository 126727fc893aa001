/** Every column of a table means something to its reader, or is named as unused, or has its reason here. */
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { guessMapping } from './csv/guess-mapping.ts'
import { readCsv } from './csv/read-csv.ts'
import { sniffCsv } from './csv/sniff-csv.ts'
import { archiveReaders, fileReaders } from './readers.ts'
import { archiveSeeds, gadgetbridgeSeed } from './testing/archive-seeds.ts'
import { tableSeeds } from './testing/health-seeds.ts'
import { inputOf, type Read, readAll, readArchive } from './testing/read.ts'
import { otherText, plainArrays } from './testing/silent-leaves.ts'

/** Columns that may say anything without a difference, and why. */
const withoutMeaning: Readonly<Record<string, string>> = {
  sleep_start: 'a figure for the night: of the date on which it ends',
  'DEVICE.TYPE': 'its name says more',
  'DEVICE.TYPE_NAME': 'only some tables are read by it',
  'DEVICE_ATTRIBUTES._id': 'bookkeeping',
  'DEVICE_ATTRIBUTES.VALID_FROM_UTC': 'of several the newest counts',
  'BASE_ACTIVITY_SUMMARY._id': 'bookkeeping',
  USER_ID: 'a phone has one person',
}

const said = ({ pieces }: Read): string =>
  JSON.stringify(
    pieces.map(({ progress, ...piece }) => piece),
    plainArrays,
  )

const isNamed = ({ ending }: Read, column: string, table = ''): boolean =>
  column in withoutMeaning ||
  `${table}.${column}` in withoutMeaning ||
  ending.unused.some(({ name }) => name.toLowerCase().split(/[ :]/).includes(column.toLowerCase()))

const otherDay = (cell: string): string => cell.replace(/-1(\d)/, '-0$1')

/** With every cell of one column changed. */
function changedIn(text: string, column: number, change: (cell: string) => string, delimiter = ','): string {
  const [header = '', ...rows] = text.split('\n')
  const changed = rows.map((row) => {
    const cells = row.split(delimiter)
    return cells.map((cell, i) => (i === column && cell.trim() ? change(cell) : cell)).join(delimiter)
  })
  return [header, ...changed].join('\n')
}

type ReadText = (text: string) => Promise<Read>

/** Whether another text of a column is understood otherwise; one of empty cells says nothing. */
async function isHeard(text: string, column: number, read: ReadText, delimiter?: string): Promise<boolean> {
  const before = said(await read(text))
  const others = [otherText, otherDay].map((change) => changedIn(text, column, change, delimiter))
  if (others.every((other) => other === text)) return true
  for (const other of others) if (said(await read(other)) !== before) return true
  return false
}

async function silentColumns(format: string, files: Readonly<Record<string, string>>): Promise<string[]> {
  const reader = archiveReaders.find((one) => one.format === format)
  if (!reader) throw new Error(`no reader of ${format}`)
  const base = await readArchive(reader, files)
  const silent: string[] = []
  for (const [path, text] of Object.entries(files).filter(([path]) => path.endsWith('.csv'))) {
    const columns = (text.split('\n')[0] as string).replace('\uFEFF', '').split(',')
    for (const [i, column] of columns.entries()) {
      if (isNamed(base, column)) continue
      const amongAll: ReadText = (changed) => readArchive(reader, { ...files, [path]: changed })
      const alone: ReadText = (changed) => readArchive(reader, { [path]: changed })
      if (!(await isHeard(text, i, amongAll)) && !(await isHeard(text, i, alone))) silent.push(`${path} ${column}`)
    }
  }
  return silent
}

test('no column of a table of Takeout is passed over without a word', async () => {
  expect(await silentColumns('takeout', archiveSeeds.takeout)).toEqual([])
})

test('no column of an export of Zepp is passed over without a word', async () => {
  expect(await silentColumns('zepp', archiveSeeds.zepp)).toEqual([])
})

test('no column of a table that an app wrote is passed over without a word', async () => {
  const silent: string[] = []
  let tried = 0
  for (const seed of tableSeeds().filter(([first]) => first !== 0xff)) {
    const table = sniffCsv(seed)
    const mapping = table && guessMapping(table.columns, table.rows)
    if (!mapping) continue
    const map = { ...mapping, delimiter: table.delimiter, columns: table.columns }
    const text = Buffer.from(seed).toString()
    const read: ReadText = (changed) => readAll(readCsv(inputOf(changed), map))
    const base = await read(text)
    for (const [i, column] of table.columns.entries()) {
      tried++
      if (!isNamed(base, column) && !(await isHeard(text, i, read, table.delimiter))) silent.push(column)
    }
  }
  expect(silent).toEqual([])
  expect(tried).toBeGreaterThan(8)
})

function withDatabase<T>(bytes: Uint8Array, work: (db: DatabaseSync) => T): { result: T; bytes: Uint8Array } {
  const db = new DatabaseSync(':memory:')
  try {
    db.deserialize(bytes)
    return { result: work(db), bytes: db.serialize() }
  } finally {
    db.close()
  }
}

const columnsOf = `select m.name as "table", c.name as "column" from sqlite_schema m, pragma_table_info(m.name) c where m.type = 'table'`

test('no column of a Gadgetbridge database is passed over without a word', async () => {
  const reader = fileReaders.find(({ format }) => format === 'gadgetbridge')
  if (!reader) throw new Error('no reader of gadgetbridge')
  const read = (bytes: Uint8Array) => readAll(reader.read(inputOf(bytes)))
  const seed = gadgetbridgeSeed()
  const base = await read(seed)
  const ask = (query: string) => withDatabase(seed, (db) => db.prepare(query).all())
  const columns = ask(columnsOf).result as { table: string; column: string }[]
  expect(columns.length).toBeGreaterThan(20)
  const silent: string[] = []
  for (const { table, column } of columns) {
    const hasValues = ask(`select 1 from ${table} where ${column} is not null limit 1`).result.length > 0
    if (!hasValues || isNamed(base, column, table)) continue
    const others = [1, 90].map((more) => {
      const other = `case typeof(${column}) when 'text' then ${column} || 'x' else ${column} + ${more} end`
      return withDatabase(seed, (db) => db.exec(`update ${table} set ${column} = ${other}`)).bytes
    })
    const heard = await Promise.all(others.map(async (bytes) => said(await read(bytes)) !== said(base)))
    if (!heard.includes(true)) silent.push(`${table}.${column}`)
  }
  expect(silent).toEqual([])
})
