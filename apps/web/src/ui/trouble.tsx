import { Button } from '@mantine/core'
import { CopyButton } from './copy-button.tsx'
import { Icon } from './icon.tsx'
import styles from './trouble.module.css'

interface TroubleProps {
  sentence: string
  requestId?: string | undefined
  onRetry?: (() => void) | undefined
  retry?: string
}

/** Something failed: one sentence, the id that finds it in the log, and another try. */
export function Trouble({ sentence, requestId, onRetry, retry = 'Try again' }: TroubleProps) {
  return (
    <div className={styles['trouble']} role="alert">
      <span className={styles['icon']}>
        <Icon name="alert" />
      </span>
      <div className={styles['words']}>
        <p className={styles['sentence']}>{sentence}</p>
        {requestId && (
          <p className={styles['request']}>
            Request <code>{requestId}</code> <CopyButton text={requestId} label="Copy request id" compact />
          </p>
        )}
      </div>
      {onRetry && (
        <Button variant="default" size="xs" onClick={onRetry}>
          {retry}
        </Button>
      )}
    </div>
  )
}
