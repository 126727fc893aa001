import { ProviderError } from '@tributary/providers/kit'
import type { Calls } from './runs/calls.ts'

export const pendingCalls = (): Calls => ({
  open: () => Promise.reject(new ProviderError('unavailable', 'nothing can be called yet')),
})
