import { demoYear } from '@tributary/emulators/people'
import { expect, test } from 'vitest'
import { normalise } from '../ingest/normalise.ts'
import { score } from '../ingest/score.ts'
import { validate } from '../ingest/validate.ts'

test('no value of the demo is refused by ingest, and none is called implausible', () => {
  const until = Date.parse('2026-11-28T16:00:00Z')
  let received = 0
  for (const { readings } of demoYear({ until, timeZone: 'Europe/Paris' })) {
    const judged = score(readings, validate(normalise(readings), until))
    for (const [i, tally] of judged.entries()) {
      const { rejected, implausible } = tally
      expect({ rejected, implausible }, JSON.stringify(readings[i]).slice(0, 80)).toEqual({
        rejected: [],
        implausible: 0,
      })
      received += tally.received
    }
  }
  expect(received).toBeGreaterThan(700_000)
})
