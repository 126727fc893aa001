import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { mustFindSession } from './find-session.ts'
import { sessionAnswer } from './session-answer.ts'

export const getSession = handle(routes.getSession, (call) =>
  call.read(async (tx) => sessionAnswer(tx, await mustFindSession(tx, call.caller.userId, call.params.session_id))),
)
