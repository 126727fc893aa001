import styles from './key-sheet.module.css'
import { rooms } from './rooms.ts'

const everywhere = [
  { keys: ['Ctrl', 'K'], does: 'Go anywhere by typing' },
  { keys: ['?'], does: 'Show these keys' },
  { keys: ['Esc'], does: 'Close what is open' },
]

const charts = [
  { keys: ['←', '→'], does: 'Move along a chart' },
  { keys: ['Shift', '←'], does: 'Move the chart itself' },
  { keys: ['+', '−'], does: 'Look closer, or at more' },
  { keys: ['Esc'], does: 'Back to the whole range' },
]

export function KeySheet() {
  return (
    <>
      <Group title="Everywhere" rows={everywhere} />
      <Group title="To a room" rows={rooms.map(({ key, title }) => ({ keys: ['g', key], does: title }))} />
      <Group title="On a chart" rows={charts} />
    </>
  )
}

function Group({ title, rows }: { title: string; rows: readonly { keys: readonly string[]; does: string }[] }) {
  return (
    <section className={styles['group']}>
      <h3 className={styles['title']}>{title}</h3>
      <dl className={styles['rows']}>
        {rows.map(({ keys, does }) => (
          <div key={does} className={styles['row']}>
            <dt>
              {keys.map((key) => (
                <kbd key={key} className={styles['key']}>
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
