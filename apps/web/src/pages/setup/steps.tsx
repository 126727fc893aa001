import { Icon } from '../../ui/icon.tsx'
import styles from './steps.module.css'

const steps = [
  { id: 'account', title: 'Account' },
  { id: 'you', title: 'You' },
  { id: 'begin', title: 'Begin' },
] as const

/** How far a new person is. */
export function Steps({ current }: { current: (typeof steps)[number]['id'] }) {
  const at = steps.findIndex(({ id }) => id === current)
  return (
    <ol className={styles['steps']} aria-label="Steps">
      {steps.map(({ id, title }, index) => (
        <li key={id} aria-current={id === current ? 'step' : undefined} data-done={index < at || undefined}>
          <span className={styles['mark']}>{index < at ? <Icon name="check" size={14} /> : index + 1}</span>
          <span>
            {title}
            {index < at && <span className="visually-hidden">, done</span>}
          </span>
        </li>
      ))}
    </ol>
  )
}
