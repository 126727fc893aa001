/** Answers that must have a form before anything of them is a record: lists, pages, envelopes. */
import type { z } from 'zod'
import { ProviderError } from './errors.ts'

/** The answer, when it is what the provider's page says. The error names the place that is not, never what stood there. */
export function readAnswer<T>(form: z.ZodType<T>, body: unknown): T {
  const parsed = form.safeParse(body)
  if (parsed.success) return parsed.data
  const where = parsed.error.issues[0]?.path.join('.')
  throw new ProviderError('bad_data', `an answer has another form than it should${where ? `: ${where}` : ''}`)
}
