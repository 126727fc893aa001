import { Select, SimpleGrid, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { client } from '../api/client.ts'
import { meQuery } from '../api/queries.ts'
import type { User } from '../api/types.ts'
import { localeChoices, localeExample } from '../util/locales.ts'
import { timeZones, unitChoices } from '../util/time-zones.ts'
import { FormFrame } from './form-frame.tsx'
import { useRefusal } from './use-refusal.ts'

interface ProfileFormProps {
  me: User
  submit: string
  /** Narrow: one field under the other. */
  narrow?: boolean
  onSaved: () => void
}

/** Who the person is and how they read dates and numbers. */
export function ProfileForm({ me, submit, narrow = false, onSaved }: ProfileFormProps) {
  const queries = useQueryClient()
  const form = useForm({
    initialValues: {
      display_name: me.display_name ?? '',
      locale: me.locale,
      time_zone: me.time_zone,
      units: me.units,
    },
  })
  const refusal = useRefusal(form)
  const save = form.onSubmit(({ display_name, ...habits }) =>
    refusal.attempt(async () => {
      const body = { display_name: display_name.trim() || null, ...habits }
      queries.setQueryData(meQuery.queryKey, await client.updateMe({ body }))
      onSaved()
    }),
  )
  return (
    <FormFrame refusal={refusal} onSubmit={save} submit={submit} wide={narrow}>
      <SimpleGrid cols={narrow ? 1 : { base: 1, sm: 2 }}>
        <TextInput
          label="Name"
          description="What this hub calls you. Optional"
          autoComplete="name"
          {...form.getInputProps('display_name')}
        />
        <Select
          label="Dates and numbers as in"
          description={localeExample(form.values.locale)}
          data={localeChoices(me.locale)}
          searchable
          allowDeselect={false}
          {...form.getInputProps('locale')}
        />
        <Select label="Units" data={[...unitChoices]} allowDeselect={false} {...form.getInputProps('units')} />
        <Select
          label="Time zone"
          data={[...new Set([me.time_zone, ...timeZones])]}
          searchable
          allowDeselect={false}
          {...form.getInputProps('time_zone')}
        />
      </SimpleGrid>
    </FormFrame>
  )
}
