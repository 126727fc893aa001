import { Button, Modal } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { plansQuery } from '../api/queries.ts'
import type { Plan } from '../api/types.ts'
import { Answer } from '../app/answer.tsx'
import { useFormat } from '../app/reader.tsx'
import { PlanForm } from '../forms/plan-form.tsx'
import { Icon } from '../ui/icon.tsx'
import { Loading } from '../ui/loading.tsx'
import { Page } from '../ui/page.tsx'
import { counted } from '../util/import-words.ts'
import { addDays, addMonths, dateIn, firstWeekdayOf } from '../util/local-days.ts'
import { path } from '../util/path-builder.ts'
import { Calendar } from './plan/calendar.tsx'
import { monthOr, weeksOf } from './plan/month.ts'
import styles from './plan/plan.module.css'
import { PlanList } from './plan/plan-list.tsx'

export function PlanPage() {
  const format = useFormat()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const search: { month?: string } = useSearch({ strict: false })
  const today = dateIn(format.timeZone, Date.now())
  const month = monthOr(search.month, today)
  const weeks = weeksOf(month, firstWeekdayOf(format.locale))
  const [first = today, last = today] = [weeks[0]?.[0], weeks.at(-1)?.[6]]
  const plans = useQuery(plansQuery(first, addDays(last, 1)))
  const [chosen, setChosen] = useState(month === today.slice(0, 7) ? today : `${month}-01`)
  const [form, setForm] = useState<{ plan?: Plan } | undefined>()
  const show = (day: string) => {
    setChosen(day)
    if (day.slice(0, 7) !== month) void navigate({ ...path.plan(day.slice(0, 7)), replace: true, resetScroll: false })
  }
  const name = new Intl.DateTimeFormat(format.locale, { month: 'long', year: 'numeric', timeZone: 'UTC' })
  const refresh = () =>
    Promise.all(['plans', 'sessions', 'session'].map((key) => queries.invalidateQueries({ queryKey: [key] })))
  return (
    <Page
      title="Plan"
      lead="What you mean to do. A session of the same kind on the day ticks it off by itself."
      above={<Link {...path.sessions()}>← Sessions</Link>}
      actions={
        <Button leftSection={<Icon name="plus" size={18} />} onClick={() => setForm({})}>
          Plan a session
        </Button>
      }
    >
      <div className={styles['head']}>
        <h2 className={styles['month']} aria-live="polite">
          {name.format(new Date(`${month}-01T00:00Z`))}
        </h2>
        <div className={styles['turn']}>
          <Button variant="default" onClick={() => show(addMonths(`${month}-01`, -1))} aria-label="Month before">
            <Icon name="left" size={18} />
          </Button>
          <Button variant="default" onClick={() => show(today)}>
            Today
          </Button>
          <Button variant="default" onClick={() => show(addMonths(`${month}-01`, 1))} aria-label="Month after">
            <Icon name="right" size={18} />
          </Button>
        </div>
      </div>
      <Answer query={plans} loading={<Loading rows={1} height={420} />}>
        {({ items }) => (
          <>
            <p className={styles['sum']}>
              {sumWords(items.filter(({ scheduled_on }) => scheduled_on.startsWith(month)))}
            </p>
            <Calendar
              month={month}
              weeks={weeks}
              today={today}
              chosen={chosen}
              plans={items}
              onChoose={show}
              onAdd={(day) => {
                show(day)
                setForm({})
              }}
            />
            <PlanList
              day={chosen}
              plans={items.filter(({ scheduled_on }) => scheduled_on === chosen)}
              onAdd={() => setForm({})}
              onEdit={(plan) => setForm({ plan })}
              onChanged={async () => {
                await refresh()
              }}
            />
          </>
        )}
      </Answer>
      <Modal
        opened={form !== undefined}
        onClose={() => setForm(undefined)}
        title={<strong>{form?.plan ? 'Change the plan' : 'Plan a session'}</strong>}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {form && (
          <PlanForm
            plan={form.plan}
            day={chosen}
            onSaved={async ({ scheduled_on }) => {
              await refresh()
              setForm(undefined)
              show(scheduled_on)
            }}
          />
        )}
      </Modal>
    </Page>
  )
}

function sumWords(plans: readonly Plan[]): string {
  if (plans.length === 0) return 'Nothing is planned in this month.'
  const count = (status: Plan['status']) => plans.filter((plan) => plan.status === status).length
  const parts = [
    [count('fulfilled'), 'done'],
    [count('planned'), 'to come'],
    [count('missed'), 'missed'],
    [count('skipped'), 'skipped'],
  ] as const
  const words = parts.filter(([n]) => n > 0).map(([n, word]) => `${n} ${word}`)
  return `${counted(String(plans.length), 'session')} in this month: ${words.join(', ')}.`
}
