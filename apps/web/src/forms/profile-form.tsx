import { Select, SimpleGrid, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { client } from '../api/client.ts'
import { meQuery } from '../api/queries.ts'
import type { User } from '../api/types.ts'
import { timeZones, unitChoices } from '../util/time-zones.ts'
import { FormFrame } from './form-frame.tsx'
import { useRefusal } from './use-refusal.ts'

export function ProfileForm({ me }: { me: User }) {
  const queries = useQueryClient()
  const form = useForm({
    initialValues: { display_name: me.display_name ?? '', time_zone: me.time_zone, units: me.units },
  })
  const refusal = useRefusal(form)
  const save = form.onSubmit(({ display_name, time_zone, units }) =>
    refusal.attempt(async () => {
      const body = { display_name: display_name.trim() || null, time_zone, units }
      queries.setQueryData(meQuery.queryKey, await client.updateMe({ body }))
      notifications.show({ message: 'Saved' })
    }),
  )
  return (
    <FormFrame refusal={refusal} onSubmit={save} submit="Save" wide={false}>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <TextInput label="Name" autoComplete="name" {...form.getInputProps('display_name')} />
        <Select
          label="Time zone"
          data={[...new Set([me.time_zone, ...timeZones])]}
          searchable
          allowDeselect={false}
          {...form.getInputProps('time_zone')}
        />
        <Select label="Units" data={[...unitChoices]} allowDeselect={false} {...form.getInputProps('units')} />
      </SimpleGrid>
    </FormFrame>
  )
}
