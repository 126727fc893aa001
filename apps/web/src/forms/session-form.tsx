import { NumberInput, Select, SimpleGrid, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { client } from '../api/client.ts'
import type { Session } from '../api/types.ts'
import { useFormat } from '../app/reader.tsx'
import { instantOf, offsetOf, wallOf } from '../util/wall-time.ts'
import { FormFrame } from './form-frame.tsx'
import { activityOptions } from './session-edit-form.tsx'
import { useRefusal } from './use-refusal.ts'

const kinds = [
  { value: 'workout', label: 'Workout' },
  { value: 'sleep', label: 'Night' },
  { value: 'nap', label: 'Nap' },
  { value: 'meditation', label: 'Meditation' },
] as const

type Kind = (typeof kinds)[number]['value']

interface SessionFormProps {
  onSaved: (session: Session) => Promise<void>
}

/** A session nobody recorded. Its time is told on the clock of the person's own zone. */
export function SessionForm({ onSaved }: SessionFormProps) {
  const format = useFormat()
  const way = format.measure('distance')
  const form = useForm({
    initialValues: {
      kind: 'workout' as Kind,
      activity: 'running' as string,
      title: '',
      start: hourAgo(format.timeZone),
      hours: 0 as number | string,
      minutes: 30 as number | string,
      distance: '' as number | string,
      heartRate: '' as number | string,
      notes: '',
    },
    validate: {
      start: (value) => (Number.isNaN(Date.parse(value)) ? 'A day and a time are needed' : null),
      minutes: (minutes, { hours }) => (secondsOf(hours, minutes) > 0 ? null : 'How long it took is needed'),
    },
  })
  const refusal = useRefusal(form)
  const isWorkout = form.values.kind === 'workout'
  const save = form.onSubmit((values) =>
    refusal.attempt(async () => {
      const start = instantOf(values.start, format.timeZone)
      const isSleep = values.kind === 'sleep' || values.kind === 'nap'
      const totals = {
        ...(values.distance !== '' && isWorkout && { distance: Number(values.distance) / way.from(1) }),
        ...(values.heartRate !== '' && !isSleep && { heart_rate_avg: Number(values.heartRate) }),
      }
      const made = await client.createSession({
        body: {
          type: isSleep ? 'sleep' : values.kind === 'meditation' ? 'meditation' : 'workout',
          ...(isSleep && { is_nap: values.kind === 'nap' }),
          start_time: start.toISOString(),
          end_time: new Date(start.getTime() + 1_000 * secondsOf(values.hours, values.minutes)).toISOString(),
          utc_offset_minutes: offsetOf(format.timeZone, start.getTime()),
          ...(isWorkout && { activity: values.activity }),
          ...(values.title.trim() && { title: values.title.trim() }),
          ...(values.notes.trim() && { notes: values.notes.trim() }),
          ...(Object.keys(totals).length > 0 && { totals }),
        },
      })
      await onSaved(made)
    }),
  )
  return (
    <FormFrame refusal={refusal} onSubmit={save} submit="Save session" wide={false}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select label="What it was" data={[...kinds]} allowDeselect={false} {...form.getInputProps('kind')} />
        {isWorkout && (
          <Select
            label="Activity"
            data={activityOptions}
            searchable
            allowDeselect={false}
            nothingFoundMessage="No activity of that name"
            {...form.getInputProps('activity')}
          />
        )}
        <TextInput label="Title" description="Optional" {...form.getInputProps('title')} />
        <TextInput
          label="Began"
          description={`On the clock of ${format.timeZone.replaceAll('_', ' ')}`}
          type="datetime-local"
          {...form.getInputProps('start')}
        />
        <NumberInput label="Hours" min={0} max={48} allowDecimal={false} {...form.getInputProps('hours')} />
        <NumberInput label="Minutes" min={0} max={59} allowDecimal={false} {...form.getInputProps('minutes')} />
        {isWorkout && (
          <NumberInput
            label={`Distance, ${way.label}`}
            description="Optional"
            min={0}
            decimalScale={2}
            hideControls
            {...form.getInputProps('distance')}
          />
        )}
        {(isWorkout || form.values.kind === 'meditation') && (
          <NumberInput
            label="Average heart rate, bpm"
            description="Optional"
            min={20}
            max={300}
            hideControls
            {...form.getInputProps('heartRate')}
          />
        )}
      </SimpleGrid>
      <Textarea
        label="Notes"
        description="Optional, only for you"
        autosize
        minRows={3}
        {...form.getInputProps('notes')}
      />
    </FormFrame>
  )
}

const secondsOf = (hours: number | string, minutes: number | string) => Number(hours) * 3_600 + Number(minutes) * 60

const hourAgo = (timeZone: string) => {
  const at = Date.now() - 3_600_000
  return wallOf(at, offsetOf(timeZone, at))
}
