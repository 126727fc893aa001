import type { ReactNode } from 'react'
import styles from './empty-state.module.css'
import { Icon, type IconName } from './icon.tsx'

interface EmptyStateProps {
  icon: IconName
  title: string
  /** Why there is nothing, and what it will look like once there is. */
  children: ReactNode
  action?: ReactNode
  /** A faint picture of what will stand here. */
  preview?: ReactNode
}

export function EmptyState({ icon, title, children, action, preview }: EmptyStateProps) {
  return (
    <div className={styles['empty']}>
      <span className={styles['icon']}>
        <Icon name={icon} size={26} />
      </span>
      <h2 className={styles['title']}>{title}</h2>
      <p className={styles['why']}>{children}</p>
      {action && <div className={styles['action']}>{action}</div>}
      {preview && (
        <div className={styles['preview']} aria-hidden="true">
          {preview}
        </div>
      )}
    </div>
  )
}
