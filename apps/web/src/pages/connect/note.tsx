import { Icon } from '../../ui/icon.tsx'
import styles from './hosted.module.css'

/** What came of a sign-in. */
export function Note({ isGood, children }: { isGood: boolean; children: string }) {
  return (
    <p className={styles['note']} role="status" data-good={isGood}>
      <Icon name={isGood ? 'check' : 'alert'} />
      <span>{children}</span>
    </p>
  )
}
