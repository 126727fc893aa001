import type { Session } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { Tile, Tiles } from '../../ui/tile.tsx'
import { type Format, pace } from '../../util/format.ts'
import { isOnFoot, orderedTotals, totalTitle } from '../../util/session-words.ts'
import styles from './summary.module.css'

/** What the file states, and beside it what we worked out because it does not. */
export function Summary({ session }: { session: Session }) {
  const totals = orderedTotals(figuresOf(session))
  const main = totals.slice(0, mostTiles)
  const rest = totals.slice(mostTiles)
  return (
    <>
      <Figures session={session} totals={main} />
      {rest.length > 0 && (
        <details>
          <summary className={styles['more']}>More figures</summary>
          <Figures session={session} totals={rest} />
        </details>
      )}
    </>
  )
}

/** Two rows on a wide screen. */
const mostTiles = 10

function Figures({ session, totals }: { session: Session; totals: readonly (readonly [string, number])[] }) {
  const format = useFormat()
  return (
    <Tiles>
      {totals.map(([name, value]) => (
        <Tile
          key={name}
          label={label(session, name)}
          value={words(session, name, value, format)}
          note={session.derived.includes(name) ? 'worked out' : undefined}
        />
      ))}
    </Tiles>
  )
}

function label({ activity }: Session, name: string): string {
  return isOnFoot(activity) && isSpeed(name)
    ? name === 'speed_avg'
      ? 'Average pace'
      : 'Fastest pace'
    : totalTitle(name)
}

function words({ activity }: Session, name: string, value: number, format: Format): string {
  const asPace = isOnFoot(activity) && isSpeed(name) ? pace(value, format.units) : undefined
  return asPace ?? format.total(name, value)
}

const isSpeed = (name: string) => name === 'speed_avg' || name === 'speed_max'

/** Every session has a length; of a night it is called the time in bed. */
function figuresOf({ start_time, end_time, totals }: Session): Record<string, number> {
  const seconds = (Date.parse(end_time) - Date.parse(start_time)) / 1_000
  const { duration, ...rest } = totals
  return rest['sleep_time_in_bed'] === undefined ? { ...rest, duration: duration ?? seconds } : rest
}
