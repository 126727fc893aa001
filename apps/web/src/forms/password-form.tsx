import { PasswordInput, SimpleGrid } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { client } from '../api/client.ts'
import { signInsQuery } from '../api/queries.ts'
import { needed, newPassword } from './checks.ts'
import { FormFrame } from './form-frame.tsx'
import { useRefusal } from './use-refusal.ts'

export function PasswordForm({ email }: { email: string }) {
  const queries = useQueryClient()
  const form = useForm({
    initialValues: { current_password: '', new_password: '' },
    validate: { current_password: needed('Your present password'), new_password: newPassword },
  })
  const refusal = useRefusal(form)
  const change = form.onSubmit((body) =>
    refusal.attempt(async () => {
      await client.changePassword({ body })
      form.reset()
      await queries.invalidateQueries({ queryKey: signInsQuery.queryKey })
      notifications.show({ message: 'Your password was changed. Every other sign-in has ended.' })
    }),
  )
  return (
    <FormFrame refusal={refusal} onSubmit={change} submit="Change password" wide={false}>
      {/* So that a password manager knows whose password changes. */}
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <PasswordInput
          label="Present password"
          autoComplete="current-password"
          {...form.getInputProps('current_password')}
        />
        <PasswordInput
          label="New password"
          description="At least 8 characters"
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          autoComplete="new-password"
          {...form.getInputProps('new_password')}
        />
      </SimpleGrid>
    </FormFrame>
  )
}
