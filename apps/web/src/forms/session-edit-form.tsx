import { NumberInput, Select, SimpleGrid, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { activityTypes } from '@tributary/protocol'
import { client } from '../api/client.ts'
import type { Session } from '../api/types.ts'
import { useFormat } from '../app/reader.tsx'
import { activityWords } from '../util/session-words.ts'
import { FormFrame } from './form-frame.tsx'
import { changedFigures, figureFields, shownFigure } from './session-figures.ts'
import { useRefusal } from './use-refusal.ts'

export const activityOptions = activityTypes.map((value) => ({ value, label: activityWords(value) }))

interface SessionEditFormProps {
  session: Session
  onSaved: (session: Session) => Promise<void>
}

/** What a person puts right. What the source said is kept by the server, so everything can be taken back. */
export function SessionEditForm({ session, onSaved }: SessionEditFormProps) {
  const { units } = useFormat()
  const fields = figureFields(session, units)
  const form = useForm({
    initialValues: {
      title: session.title ?? '',
      activity: session.activity,
      notes: session.notes ?? '',
      figures: Object.fromEntries(
        fields.map((field) => [field.name, shownFigure(field, session.totals[field.name])]),
      ) as Record<string, number | string>,
    },
  })
  const refusal = useRefusal(form)
  const save = form.onSubmit(({ title, activity, notes, figures }) =>
    refusal.attempt(async () => {
      const totals = changedFigures(fields, session.totals, figures)
      const changed = await client.updateSession({
        params: { session_id: session.session_id },
        body: {
          ...(title.trim() !== (session.title ?? '') && { title: title.trim() || null }),
          ...(activity !== session.activity && { activity }),
          ...(notes.trim() !== (session.notes ?? '') && { notes: notes.trim() || null }),
          ...(Object.keys(totals).length > 0 && { totals }),
        },
      })
      await onSaved(changed)
    }),
  )
  return (
    <FormFrame refusal={refusal} onSubmit={save} submit="Save" wide={false}>
      <TextInput label="Title" placeholder="As the source calls it" data-autofocus {...form.getInputProps('title')} />
      {session.type === 'workout' && (
        <Select
          label="Activity"
          data={activityOptions}
          searchable
          allowDeselect={false}
          nothingFoundMessage="No activity of that name"
          {...form.getInputProps('activity')}
        />
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {fields.map(({ name, label, digits }) => (
          <NumberInput
            key={name}
            label={label}
            min={0}
            decimalScale={digits}
            hideControls
            {...form.getInputProps(`figures.${name}`)}
          />
        ))}
      </SimpleGrid>
      <Textarea label="Notes" description="Only for you" autosize minRows={3} {...form.getInputProps('notes')} />
    </FormFrame>
  )
}
