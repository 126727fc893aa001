import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { client } from '../../api/client.ts'
import type { Plan } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { Pill } from '../../ui/pill.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { explainError } from '../../util/explain-error.ts'
import { path } from '../../util/path-builder.ts'
import records from '../session/records.module.css'
import { aimWords, planWords } from './plan-words.ts'

interface PlanListProps {
  day: string
  plans: readonly Plan[]
  onAdd: () => void
  onEdit: (plan: Plan) => void
  onChanged: () => Promise<void>
}

/** The plans of the chosen day, and what can be done with each. */
export function PlanList({ day, plans, onAdd, onEdit, onChanged }: PlanListProps) {
  const { locale } = useFormat()
  const title = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' })
  return (
    <Section title={title.format(new Date(`${day}T00:00Z`))}>
      {plans.length === 0 ? (
        <EmptyState icon="calendar" title="Nothing planned" action={<Button onClick={onAdd}>Plan a session</Button>}>
          Plan what you mean to do on this day. Once it is done and recorded, it is ticked off here.
        </EmptyState>
      ) : (
        <Card flush>
          <ul className={records['records']}>
            {plans.map((plan) => (
              <Row key={plan.planned_session_id} plan={plan} onEdit={onEdit} onChanged={onChanged} />
            ))}
          </ul>
        </Card>
      )}
    </Section>
  )
}

function Row({ plan, onEdit, onChanged }: { plan: Plan } & Pick<PlanListProps, 'onEdit' | 'onChanged'>) {
  const format = useFormat()
  const { planned_session_id, status } = plan
  const params = { planned_session_id }
  const change = useMutation({ mutationFn: (work: () => Promise<unknown>) => work(), onSuccess: onChanged })
  const remove = async () => {
    await client.deletePlannedSession({ params })
    const id = `plan-${planned_session_id}`
    notifications.show({
      id,
      autoClose: 15_000,
      message: (
        <Group justify="space-between" wrap="nowrap">
          <span>{plan.title} was deleted</span>
          <Button
            size="xs"
            variant="light"
            onClick={() => {
              notifications.hide(id)
              change.mutate(() => client.createPlannedSession({ body: bodyOf(plan) }))
            }}
          >
            Undo
          </Button>
        </Group>
      ),
    })
  }
  const { word, tone } = planWords[status]
  return (
    <li className={records['record']}>
      <span className={records['main']}>
        <strong>{plan.title}</strong>
        <span className={records['soft']}>
          {[
            plan.start_time && format.time(plan.start_time),
            aimWords(plan, format),
            plan.source && `from ${plan.source.name}`,
            plan.description,
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
        {change.isError && <Trouble {...explainError(change.error)} />}
      </span>
      <Pill tone={tone}>{word}</Pill>
      <span className={records['links']}>
        {plan.session_id && <Link {...path.session(plan.session_id)}>What was done</Link>}
      </span>
      <Group gap="xs">
        <Button variant="default" size="xs" onClick={() => onEdit(plan)} aria-label={`Change ${plan.title}`}>
          Change
        </Button>
        {(status === 'planned' || status === 'skipped') && (
          <Button
            variant="default"
            size="xs"
            loading={change.isPending}
            onClick={() =>
              change.mutate(() =>
                client.updatePlannedSession({ params, body: { status: status === 'skipped' ? 'planned' : 'skipped' } }),
              )
            }
          >
            {status === 'skipped' ? 'Plan it again' : 'Skip'}
          </Button>
        )}
        <Button
          variant="default"
          size="xs"
          loading={change.isPending}
          onClick={() => change.mutate(remove)}
          aria-label={`Delete ${plan.title}`}
        >
          Delete
        </Button>
      </Group>
    </li>
  )
}

function bodyOf({ title, activity, description, scheduled_on, start_time, duration, distance }: Plan) {
  return { title, activity, description, scheduled_on, start_time, duration, distance }
}
