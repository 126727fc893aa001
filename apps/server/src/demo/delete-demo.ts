import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { lockSessions, spansOfSource } from '../platform/sessions/records.queries.ts'
import { settleSessions } from '../platform/sessions/settle.ts'
import { noDemo } from './demo-answer.ts'
import { lockDemo, lockDemoSources, takeDemoAway } from './demos.queries.ts'
import { finishRemoval } from './remove-demo.ts'

/** Also while it is being loaded: the loader finds its row changed and stops. */
export const deleteDemo = handle(routes.deleteDemo, async (call, { db, store, deviceSources, authenticator }) => {
  const { userId } = call.caller
  let deviceIds: string[] = []
  const answer = await call.write(
    async (tx) => {
      if (!(await lockDemo(tx, userId))) return noDemo
      const sourceIds = await lockDemoSources(tx, userId)
      await lockSessions(tx, userId)
      const spans = []
      for (const sourceId of sourceIds) spans.push(...(await spansOfSource(tx, userId, sourceId)))
      deviceIds = await takeDemoAway(tx, userId)
      await settleSessions(tx, userId, spans) // a real workout that a demo one had stood in front of is shown again
      return noDemo
    },
    { target: 'demo' },
  )
  for (const deviceId of deviceIds) deviceSources.forget(deviceId)
  authenticator.forget((caller) => caller.deviceId !== undefined && deviceIds.includes(caller.deviceId))
  await finishRemoval({ db, store }, userId) // killed before it: the loader does it
  return answer
})
