import styles from './two-phases.module.css'

interface TwoPhasesProps {
  /** From 0 to 1. */
  sent: number
  read: number
}

/** One bar for both halves of the way: a file is sent, then it is read. */
export function TwoPhases({ sent, read }: TwoPhasesProps) {
  const [sentPercent, readPercent] = [sent, read].map((part) => Math.round(100 * Math.min(1, part)))
  return (
    <div className={styles['phases']}>
      <Phase label="Sent" percent={sentPercent ?? 0} />
      <Phase label="Read" percent={readPercent ?? 0} />
    </div>
  )
}

function Phase({ label, percent }: { label: string; percent: number }) {
  return (
    <div className={styles['phase']}>
      <div
        className={styles['track']}
        role="progressbar"
        aria-label={label}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <div className={styles['bar']} style={{ width: `${percent}%` }} />
      </div>
      <span className={styles['label']} aria-hidden="true">
        {label} {percent}%
      </span>
    </div>
  )
}
