import { Icon } from '../../ui/icon.tsx'
import styles from '../connections/returned.module.css'

/** What came of a sign-in. */
export function Note({ isGood, children }: { isGood: boolean; children: string }) {
  return (
    <p className={styles['returned']} role="status" data-good={isGood}>
      <Icon name={isGood ? 'check' : 'alert'} />
      <span>{children}</span>
    </p>
  )
}
