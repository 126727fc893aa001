import { Icon } from '../../ui/icon.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { exportGuides } from './export-guides.ts'
import styles from './where-from.module.css'

/** Which exports are taken, and how to get each. */
export function WhereFrom() {
  return (
    <Section title="What can be imported" lead="And how to get it out of where it is now.">
      <Card flush>
        {exportGuides.map(({ name, brings, steps, note }) => (
          <details key={name} name="guides" className={styles['guide']}>
            <summary className={styles['summary']}>
              <span>
                <span className={styles['name']}>{name}</span>
                <span className={styles['brings']}>{brings}</span>
              </span>
              <Icon name="right" size={18} />
            </summary>
            <ol className={styles['steps']}>
              {steps.map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ol>
            {note && <p className={styles['note']}>{note}</p>}
          </details>
        ))}
      </Card>
    </Section>
  )
}
