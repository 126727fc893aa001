import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { planQuery } from '../../api/queries.ts'
import type { Session } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { path } from '../../util/path-builder.ts'
import { aimWords } from '../plan/plan-words.ts'
import styles from './session.module.css'

/** The plan that this session fulfilled. */
export function PlanOf({ session: { planned_session_id } }: { session: Session }) {
  return planned_session_id ? <Plan planId={planned_session_id} /> : null
}

function Plan({ planId }: { planId: string }) {
  const format = useFormat()
  const plan = useQuery(planQuery(planId)).data
  if (!plan) return null
  const aim = aimWords(plan, format)
  return (
    <Section title="Planned">
      <Card>
        <p className={styles['notes']}>
          It fulfilled <Link {...path.plan(plan.scheduled_on.slice(0, 7))}>{plan.title}</Link>
          {aim && `, planned as ${aim}`}.
        </p>
      </Card>
    </Section>
  )
}
