import { NumberInput, Select, SimpleGrid, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { client } from '../api/client.ts'
import type { Plan } from '../api/types.ts'
import { useFormat } from '../app/reader.tsx'
import { instantOf, offsetOf, wallOf } from '../util/wall-time.ts'
import { needed } from './checks.ts'
import { FormFrame } from './form-frame.tsx'
import { activityOptions } from './session-edit-form.tsx'
import { useRefusal } from './use-refusal.ts'

interface PlanFormProps {
  /** Absent: a new one, on that day. */
  plan?: Plan | undefined
  day: string
  onSaved: (plan: Plan) => Promise<void>
}

/** Which fields say what of a plan. */
const shownBy = {
  title: ['title'],
  activity: ['activity'],
  scheduled_on: ['day'],
  start_time: ['day', 'time'],
  duration: ['minutes'],
  distance: ['distance'],
  description: ['description'],
} as const

export function PlanForm({ plan, day, onSaved }: PlanFormProps) {
  const format = useFormat()
  const way = format.measure('distance')
  const form = useForm({
    initialValues: {
      title: plan?.title ?? '',
      activity: plan ? plan.activity : 'running',
      day: plan?.scheduled_on ?? day,
      time: plan?.start_time ? clockOf(plan.start_time, format.timeZone) : '',
      minutes: (plan?.duration ? Math.round(plan.duration / 60) : '') as number | string,
      distance: (plan?.distance ? Math.round(way.from(plan.distance) * 100) / 100 : '') as number | string,
      description: plan?.description ?? '',
    },
    validate: { title: needed('A title'), day: needed('A day') },
  })
  const refusal = useRefusal(form)
  /** What is shown rounded to minutes, and what nobody touched, stays as it is: with another's plan it would count as changed. */
  const changedOf = <T extends Record<keyof typeof shownBy, unknown>>(body: T): Partial<T> => {
    const isChanged = (name: string) => shownBy[name as keyof typeof shownBy].some((field) => form.isDirty(field))
    return Object.fromEntries(Object.entries(body).filter(([name]) => isChanged(name))) as Partial<T>
  }
  const save = form.onSubmit((values) =>
    refusal.attempt(async () => {
      const body = {
        title: values.title.trim(),
        activity: values.activity,
        scheduled_on: values.day,
        start_time: values.time ? instantOf(`${values.day}T${values.time}`, format.timeZone).toISOString() : null,
        duration: values.minutes === '' ? null : Number(values.minutes) * 60,
        distance: values.distance === '' ? null : Number(values.distance) / way.from(1),
        description: values.description.trim() || null,
      }
      const { planned_session_id } = plan ?? {}
      await onSaved(
        planned_session_id
          ? await client.updatePlannedSession({ params: { planned_session_id }, body: changedOf(body) })
          : await client.createPlannedSession({ body }),
      )
    }),
  )
  return (
    <FormFrame refusal={refusal} onSubmit={save} submit={plan ? 'Save' : 'Plan it'} wide={false}>
      <TextInput label="Title" placeholder="Long run" data-autofocus {...form.getInputProps('title')} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Select
          label="Activity"
          data={activityOptions}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': 'Any activity' }}
          placeholder="Any"
          nothingFoundMessage="No activity of that name"
          {...form.getInputProps('activity')}
        />
        <TextInput label="Day" type="date" {...form.getInputProps('day')} />
        <TextInput label="Time" description="Optional" type="time" {...form.getInputProps('time')} />
        <NumberInput
          label="Minutes"
          description="Optional"
          min={0}
          max={10_080}
          hideControls
          {...form.getInputProps('minutes')}
        />
        <NumberInput
          label={`Distance, ${way.label}`}
          description="Optional"
          min={0}
          decimalScale={2}
          hideControls
          {...form.getInputProps('distance')}
        />
      </SimpleGrid>
      <Textarea label="What to do" description="Optional" autosize minRows={2} {...form.getInputProps('description')} />
    </FormFrame>
  )
}

const clockOf = (instant: string, timeZone: string) => {
  const at = Date.parse(instant)
  return wallOf(at, offsetOf(timeZone, at)).slice(11)
}
