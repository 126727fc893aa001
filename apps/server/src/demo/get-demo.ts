import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { demoAnswer } from './demo-answer.ts'
import { findDemo } from './demos.queries.ts'

export const getDemo = handle(routes.getDemo, (call) => {
  const { userId } = call.caller
  return call.read(async (tx) => demoAnswer(await findDemo(tx, userId)))
})
