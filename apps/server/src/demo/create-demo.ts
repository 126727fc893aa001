import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { demoAnswer } from './demo-answer.ts'
import { findDemo } from './demos.queries.ts'
import { makeDemo } from './make-demo.ts'

/** Answered once the wish is durable. Where there is a demo already, it is told of. */
export const createDemo = handle(routes.createDemo, async (call, { clock, demo }) => {
  const { userId } = call.caller
  const answer = await call.write(
    async (tx) => {
      await makeDemo(tx, userId, clock.now())
      return demoAnswer(await findDemo(tx, userId))
    },
    { target: 'demo' },
  )
  demo.wake()
  return answer
})
