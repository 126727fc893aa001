/** Tests that a person did on purpose. Only those of which somebody has written down what they hold. */
import { z } from 'zod'
import { defineFeed, type Told } from '../kit/feed.ts'
import { samplesOf } from '../kit/tell.ts'
import { momentOf } from '../kit/zone.ts'
import { byList } from './lists.ts'
import { number, wallOf } from './wire.ts'

const Test = z.object({
  startTime: z.string(),
  orthostaticTestResult: z.object({ rmssdSupine: number }).nullish(),
  fitnessTestResult: z.object({ ownIndex: number }).nullish(),
})

const why = { usual: 'what is usual for the person, not this test', standing: 'not at rest' }

export const tests = defineFeed<z.infer<typeof Test>>({
  title: { en: 'Tests', de: 'Tests', fr: 'Tests' },
  scopes: ['tests:read'],
  brings: ['hrv_rmssd', 'vo2max'],
  ...byList({ path: '/tests/list', names: ['tests'], at: 'startTime', features: [] }),
  raw: Test,
  *read({ startTime, orthostaticTestResult, fitnessTestResult }, { timeZone }): Generator<Told> {
    const t = momentOf(wallOf(startTime), timeZone)
    yield* samplesOf({ t, method: 'active' }, [['hrv_rmssd', orthostaticTestResult?.rmssdSupine || undefined]])
    yield* samplesOf({ t, method: 'active', quality: 'fair' }, [['vo2max', fitnessTestResult?.ownIndex || undefined]])
  },
  unused: {
    created: 'when it reached Polar',
    modified: 'when it reached Polar',
    'orthostaticTestResult.rrAvgSupine': 'a mean of the pulse, which the day tells',
    'orthostaticTestResult.rrMinStandup': why.standing,
    'orthostaticTestResult.rrAvgStand': why.standing,
    'orthostaticTestResult.rmssdStand': why.standing,
    'orthostaticTestResult.rrLtAvgSupine': why.usual,
    'orthostaticTestResult.rrLtAvgStand': why.usual,
    'orthostaticTestResult.rmssdLtAvgSupine': why.usual,
    'orthostaticTestResult.rmssdLtAvgStand': why.usual,
    'fitnessTestResult.fitnessClass': 'a word for the index',
    'fitnessTestResult.physicalInformation': 'what the test began from; the account tells it',
  },
})
