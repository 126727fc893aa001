import { routes } from '@tributary/protocol'
import { providerOf } from '@tributary/providers'
import { uuidv7 } from 'uuidv7'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { askRunOf } from './ask-run-of.ts'
import type { SyncRun } from './run-view.ts'
import { askForRun, findMaker } from './runs.queries.ts'

export const syncDevice = handle(routes.syncDevice, async (call, { runner, clock }) => {
  const { userId } = call.caller
  const { device_id } = call.params
  const answer = await call.write(async (tx) => {
    const maker = await findMaker(tx, userId, device_id)
    if (!maker) throw new Problem('not_found')
    if (maker.connection_id) return askRunOf(tx, userId, maker.connection_id, 'manual')
    const provider = providerOf(maker.device_type, maker.manufacturer)
    const asked = await askForRun(tx, {
      userId,
      deviceId: device_id,
      syncId: uuidv7(),
      provider,
      now: new Date(clock.now()),
    })
    if (!asked) throw new Problem('not_found') // removed between the two statements
    return { sync_id: asked.sync_id, status: asked.status as SyncRun['status'] }
  })
  runner.wake()
  return answer
})
