import { PasswordInput, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { client } from '../api/client.ts'
import { explainError } from '../util/explain-error.ts'
import { languageTag } from '../util/locale.ts'
import { localTimeZone, timeZones, unitChoices } from '../util/time-zones.ts'
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

/** Miles and pounds are everyday measures in three countries. */
const usualUnits = /-(US|LR|MM)$/.test(languageTag(navigator.language) ?? '') ? 'imperial' : 'metric'

/** Makes an account and signs it in. */
export function AccountForm({ submit, setupToken, invite = '', asksInvite = false, onDone }: AccountFormProps) {
  const form = useForm({
    initialValues: { display_name: '', email: '', password: '', time_zone: localTimeZone, units: usualUnits, invite },
    validate: { email: emailForm, password: newPassword, invite: asksInvite ? needed('The invite code') : () => null },
  })
  const refusal = useRefusal(form)

  const send = form.onSubmit((values) =>
    refusal.attempt(async () => {
      await client.register({
        body: {
          email: values.email.trim(),
          password: values.password,
          time_zone: values.time_zone,
          session: 'cookie',
          ...(values.display_name.trim() && { display_name: values.display_name.trim() }),
          ...(values.invite.trim() && { invite: values.invite.trim() }),
          ...(setupToken && { setup_token: setupToken }),
        },
      })
      await saveHabits(values.units === 'imperial' ? 'imperial' : 'metric')
      await onDone()
    }),
  )

  return (
    <FormFrame refusal={refusal} onSubmit={send} submit={submit}>
      {asksInvite && <TextInput label="Invite code" autoComplete="off" {...form.getInputProps('invite')} />}
      <TextInput label="Your name" description="Optional" autoComplete="name" {...form.getInputProps('display_name')} />
      <TextInput label="E-mail address" type="email" autoComplete="username" {...form.getInputProps('email')} />
      <PasswordInput
        label="Password"
        description="At least 8 characters. A few unrelated words are easy to remember."
        autoComplete="new-password"
        {...form.getInputProps('password')}
      />
      <Select
        label="Time zone"
        data={[...timeZones]}
        searchable
        allowDeselect={false}
        {...form.getInputProps('time_zone')}
      />
      <Select label="Units" data={[...unitChoices]} allowDeselect={false} {...form.getInputProps('units')} />
    </FormFrame>
  )
}

/** The account stands already: what fails here must not look as if it did not. */
async function saveHabits(units: 'metric' | 'imperial'): Promise<void> {
  try {
    await client.updateMe({
      body: { units, locale: new Intl.Locale(languageTag(navigator.language) ?? 'en').baseName },
    })
  } catch (error) {
    notifications.show({
      message: `Your account is made, but your units were not saved. ${explainError(error).sentence}`,
    })
  }
}
