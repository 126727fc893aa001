import styles from './code-block.module.css'
import { CopyButton } from './copy-button.tsx'

/** Text to be pasted elsewhere: a token, a command. */
export function CodeBlock({ label, text }: { label: string; text: string }) {
  return (
    <figure className={styles['block']}>
      <figcaption className={styles['head']}>
        <span>{label}</span>
        <CopyButton text={text} label={`Copy ${label.toLowerCase()}`} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a stretch that scrolls must be reachable by keyboard. */}
      <pre className={styles['text']} tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
    </figure>
  )
}
