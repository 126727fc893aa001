import { Accordion } from '@mantine/core'
import { Section } from '../../ui/page.tsx'
import { exportGuides } from './export-guides.ts'
import styles from './where-from.module.css'

/** Which exports are taken, and how to get each. */
export function WhereFrom() {
  return (
    <Section title="What can be imported" lead="And how to get it out of where it is now.">
      <Accordion variant="contained" radius="lg" classNames={{ item: styles['item'] ?? '' }}>
        {exportGuides.map(({ name, brings, steps, note }) => (
          <Accordion.Item key={name} value={name}>
            <Accordion.Control>
              <span className={styles['name']}>{name}</span>
              <span className={styles['brings']}>{brings}</span>
            </Accordion.Control>
            <Accordion.Panel>
              <ol className={styles['steps']}>
                {steps.map((step) => (
                  <li key={step}>{step}</li>
                ))}
              </ol>
              {note && <p className={styles['note']}>{note}</p>}
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Section>
  )
}
