import { PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { client } from '../api/client.ts'
import { wipeKept } from '../api/offline.ts'
import { explainError } from '../util/explain-error.ts'
import { browserLocale } from '../util/locales.ts'
import { localTimeZone, usualUnits } from '../util/time-zones.ts'
import { emailForm, needed, newPassword } from './checks.ts'
import { FormFrame } from './form-frame.tsx'
import { useRefusal } from './use-refusal.ts'

interface AccountFormProps {
  submit: string
  setupToken?: string | undefined
  /** Undefined: no invite is asked for. */
  invite?: string | undefined
  asksInvite?: boolean
  onDone: () => Promise<void>
}

/** Makes an account and signs it in. Everything else about the person is asked later, and preset from the browser. */
export function AccountForm({ submit, setupToken, invite = '', asksInvite = false, onDone }: AccountFormProps) {
  const form = useForm({
    initialValues: { email: '', password: '', invite },
    validate: { email: emailForm, password: newPassword, invite: asksInvite ? needed('The invite code') : () => null },
  })
  const refusal = useRefusal(form)

  const send = form.onSubmit((values) =>
    refusal.attempt(async () => {
      await wipeKept()
      await client.register({
        body: {
          email: values.email.trim(),
          password: values.password,
          time_zone: localTimeZone,
          session: 'cookie',
          ...(values.invite.trim() && { invite: values.invite.trim() }),
          ...(setupToken && { setup_token: setupToken }),
        },
      })
      await saveHabits()
      await onDone()
    }),
  )

  return (
    <FormFrame refusal={refusal} onSubmit={send} submit={submit}>
      {asksInvite && <TextInput label="Invite code" autoComplete="off" {...form.getInputProps('invite')} />}
      <TextInput label="E-mail address" type="email" autoComplete="username" {...form.getInputProps('email')} />
      <PasswordInput
        label="Password"
        description="At least 8 characters. A few unrelated words are easy to remember."
        autoComplete="new-password"
        {...form.getInputProps('password')}
      />
    </FormFrame>
  )
}

/** So that whoever skips the next step has what the browser suggests. The account stands already: a failure here must not look as if it did not. */
async function saveHabits(): Promise<void> {
  try {
    await client.updateMe({ body: { units: usualUnits, locale: browserLocale } })
  } catch (error) {
    notifications.show({
      message: `Your account is made, but your units were not saved. ${explainError(error).sentence}`,
    })
  }
}
