/**
 * What this process has done since it began. Plain numbers in memory: counting a request costs it a fraction of a microsecond, and
 * nothing is written, asked or awaited until somebody wants to know.
 */
import { findProvider } from '@tributary/providers'
import type { SliceTally } from '../samples/compare.ts'
import { createAnswers } from './answers.ts'
import { createTally } from './tally.ts'
import type { Family } from './write-text.ts'

/** `ended`: the person must sign in anew. `failed`: it is tried again. */
export type Renewal = 'renewed' | 'ended' | 'failed'

export interface Telemetry {
  /** `operation` is the contract's name of a route. */
  answered(operation: string, status: number, ms: number): void
  /** Committed. */
  stored(tallies: readonly SliceTally[]): void
  /** A run has ended. */
  synced(run: { provider: string | null; trigger: string; status: string }): void
  renewed(provider: string, outcome: Renewal): void
  families(): Family[]
}

export function createTelemetry(): Telemetry {
  const answers = createAnswers()
  const points = createTally(['outcome'])
  const runs = createTally(['provider', 'trigger', 'status'])
  const renewals = createTally(['provider', 'outcome'])
  return {
    answered: answers.add,
    stored(tallies) {
      for (const { accepted, duplicates, changed } of tallies) {
        if (accepted) points.add(['new'], accepted)
        if (duplicates) points.add(['duplicate'], duplicates)
        if (changed) points.add(['changed'], changed)
      }
    },
    synced: ({ provider, trigger, status }) => runs.add([labelOf(provider), trigger, status]),
    renewed: (provider, outcome) => renewals.add([labelOf(provider), outcome]),
    families: () => [
      {
        name: 'requests_total',
        type: 'counter',
        help: 'Requests answered, by the operation of the contract; uploads are uploadData',
        samples: answers.counts(),
      },
      {
        name: 'request_duration_seconds',
        type: 'histogram',
        help: 'From the head of a request to the end of its answer',
        samples: answers.durations(),
      },
      {
        name: 'samples_total',
        type: 'counter',
        help: 'Samples committed: new times, times known already, and known times with another value',
        samples: points.samples(),
      },
      {
        name: 'sync_runs_total',
        type: 'counter',
        help: 'Sync runs that this process ended',
        samples: runs.samples(),
      },
      {
        name: 'token_renewals_total',
        type: 'counter',
        help: 'Renewals of access tokens; ended means that the person must sign in anew',
        samples: renewals.samples(),
      },
    ],
  }
}

/** The ids of people's own APIs are theirs; what hangs from no provider is nobody's. */
export const labelOf = (provider: string | null): string =>
  provider === null ? 'none' : findProvider(provider) ? provider : 'custom'
