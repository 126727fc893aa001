/** What every form does with a refusal: a sentence on top, and each field's own beneath it. */
import type { UseFormReturnType } from '@mantine/form'
import { useState } from 'react'
import { type Explained, explainError } from '../util/explain-error.ts'

export interface Refusal {
  refusal: Explained | undefined
  busy: boolean
  /** Runs the submit; its failure is shown, never thrown. */
  attempt(work: () => Promise<void>): Promise<void>
}

export function useRefusal<Values extends Record<string, unknown>>(
  form: UseFormReturnType<Values>,
  explain: (error: unknown) => Explained = explainError,
): Refusal {
  const [refusal, setRefusal] = useState<Explained>()
  const [busy, setBusy] = useState(false)
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true)
    setRefusal(undefined)
    try {
      await work()
    } catch (error) {
      const explained = explain(error)
      setRefusal(explained)
      form.setErrors(explained.fields)
    } finally {
      setBusy(false)
    }
  }
  return { refusal, busy, attempt }
}
