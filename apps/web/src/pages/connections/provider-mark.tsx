import styles from './connections.module.css'

/** Brands' own signs are theirs: the first letter stands for them. */
export function ProviderMark({ name }: { name: string }) {
  return (
    <span className={styles['mark']} aria-hidden="true">
      {name.slice(0, 1).toUpperCase()}
    </span>
  )
}
