import { demoBatches } from '@tributary/emulators/people'
import type { AnswerOf, routes } from '@tributary/protocol'
import type { DemoRow } from './demos.queries.ts'

type Demo = AnswerOf<(typeof routes)['getDemo']>

export const noDemo: Demo = { status: 'absent', progress: null, devices: 0, samples: 0, sessions: 0 }

export function demoAnswer(row: DemoRow | undefined): Demo {
  if (!row) return noDemo
  const { status, steps_done, devices, samples, sessions } = row
  return { status, progress: status === 'loading' ? steps_done / demoBatches : null, devices, samples, sessions }
}
