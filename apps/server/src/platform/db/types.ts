/** How PostgreSQL's values become ours, said once for every pool: int8 as number, timestamps as Date, dates as text. */
import pg from 'pg'

const int8 = 20
const date = 1082

pg.types.setTypeParser(int8, (text) => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 ${text} does not fit a number`)
  return value
})
pg.types.setTypeParser(date, (text) => text) // a date has no zone; a Date object would give it one
