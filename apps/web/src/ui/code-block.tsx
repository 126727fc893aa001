import styles from './code-block.module.css'
import { CopyButton } from './copy-button.tsx'

/** Text to be pasted elsewhere: a token, a command. */
export function CodeBlock({ label, text }: { label: string; text: string }) {
  return (
    <div className={styles['block']}>
      <div className={styles['head']}>
        <span>{label}</span>
        <CopyButton text={text} label={`Copy ${label.toLowerCase()}`} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a stretch that scrolls must be reachable by keyboard. */}
      <section className={styles['scroll']} tabIndex={0} aria-label={label}>
        <pre className={styles['text']}>{text}</pre>
      </section>
    </div>
  )
}
