import { Button, Stack } from '@mantine/core'
import type { FormEventHandler, ReactNode } from 'react'
import { Trouble } from '../ui/trouble.tsx'
import type { Refusal } from './use-refusal.ts'

interface FormFrameProps {
  refusal: Refusal
  onSubmit: FormEventHandler<HTMLFormElement>
  submit: string
  children: ReactNode
  wide?: boolean
}

/** Fields, what went wrong, and the one button. */
export function FormFrame({ refusal: { refusal, busy }, onSubmit, submit, children, wide = true }: FormFrameProps) {
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        {refusal && <Trouble sentence={refusal.sentence} requestId={refusal.requestId} />}
        {children}
        <div>
          <Button type="submit" loading={busy} fullWidth={wide} size="md">
            {submit}
          </Button>
        </div>
      </Stack>
    </form>
  )
}
