import { CodeBlock } from './code-block.tsx'
import { Icon } from './icon.tsx'
import styles from './token-once.module.css'

interface TokenOnceProps {
  what: string
  token: string
  children?: React.ReactNode
}

/** A secret at the one moment it can be read. */
export function TokenOnce({ what, token, children }: TokenOnceProps) {
  return (
    <div className={styles['once']}>
      <p className={styles['note']}>
        <Icon name="key" />
        <span>Copy it now. It is shown this once and kept only as a fingerprint.</span>
      </p>
      <CodeBlock label={what} text={token} />
      {children}
    </div>
  )
}
