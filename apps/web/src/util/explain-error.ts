/** A failure as one human sentence, with what support would ask for. */
import type { ProblemCode } from '@tributary/protocol'
import { ProblemError } from '@tributary/sdk'

export interface Explained {
  sentence: string
  /** The server's log knows the request by this. */
  requestId?: string
  /** By form field. */
  fields: Record<string, string>
}

/** Where the app can say more, or says it better, than the problem's own detail. */
const sentences: Partial<Record<ProblemCode | 'unknown_answer', string>> = {
  credentials_wrong: 'That e-mail address and password do not go together. Check both and try again.',
  too_many_attempts: 'Too many attempts to sign in. Wait a few minutes, then try again.',
  email_taken: 'There is already an account with this e-mail address. Sign in instead.',
  password_weak: 'This password is too easy to guess. Use at least 8 characters; a few unrelated words work well.',
  invite_invalid: 'This invite is not valid any more. Ask for a new one.',
  invite_required: 'You need an invite to register here. Ask the person who runs this hub.',
  signup_closed: 'This hub takes no new accounts.',
  setup_link_required: 'The owner account can only be made from the set-up link or on the machine itself.',
  insecure_transport: 'Signing in needs a secure connection. Open this hub by its https:// address.',
  not_found: 'This is not here, or it belongs to somebody else.',
  not_allowed: 'Your account may not do this.',
  device_exists: 'You have registered a device with this maker and serial number already.',
  connection_paused: 'This connection is paused. Resume it under Connections to sync again.',
  sync_not_taken: 'A phone sends by itself. Open the app on it that sends, or wait for its next turn.',
  storage_full: 'The disk of this hub is full, so nothing more can be stored until there is room.',
  internal: 'Something went wrong on our side. Nothing was changed; please try again.',
  busy: 'The hub is very busy. Wait a moment and try again.',
  database_unavailable: 'The hub cannot reach its database right now. Try again in a moment.',
  unknown_answer: 'The server gave an answer this app does not understand. Try again in a moment.',
}

export function explainError(error: unknown): Explained {
  if (!(error instanceof ProblemError)) {
    if (!isUnreachable(error)) {
      return {
        sentence: 'This page made a mistake. Reload it; if it stays, please tell who runs this hub.',
        fields: {},
      }
    }
    return {
      sentence: 'The hub cannot be reached. Check that it is running and that you are on its network.',
      fields: {},
    }
  }
  const fields = Object.fromEntries(error.fields.map(({ pointer, detail }) => [fieldName(pointer), detail]))
  const { instance } = error.problem
  return { sentence: sentences[error.code] ?? error.message, fields, ...(instance && { requestId: instance }) }
}

/** `fetch` fails with a TypeError, and so does a bug of ours; only the words differ, by browser. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof TypeError && /fetch|network|load failed|connection/i.test(error.message)
}

/** `/serial_number` and `serial_number` are the form's `serial_number`, and `/credentials/secret` its `secret`. */
function fieldName(pointer: string): string {
  return pointer.replace(/^#?\/(credentials\/)?/, '').split('/')[0] ?? ''
}
