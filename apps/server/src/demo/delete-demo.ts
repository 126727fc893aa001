import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { noDemo } from './demo-answer.ts'
import { takeDemoAway } from './demos.queries.ts'
import { finishRemoval } from './remove-demo.ts'

/** Also while it is being loaded: the loader finds its row changed and stops. */
export const deleteDemo = handle(routes.deleteDemo, async (call, { db, store, deviceSources, authenticator }) => {
  const { userId } = call.caller
  let deviceIds: string[] = []
  const answer = await call.write(
    async (tx) => {
      deviceIds = (await takeDemoAway(tx, userId)) ?? []
      return noDemo
    },
    { target: 'demo' },
  )
  for (const deviceId of deviceIds) deviceSources.forget(deviceId)
  authenticator.forget((caller) => caller.deviceId !== undefined && deviceIds.includes(caller.deviceId))
  await finishRemoval({ db, store }, userId) // killed before it: the loader does it
  return answer
})
