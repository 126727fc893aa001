/**
 * Every error a caller can meet. The code never changes; the page of the same name in docs/problems says what it means and what to do.
 * They leave as RFC 9457 `application/problem+json` with `type` pointing at that page.
 */
export const problems = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  invalid_json: { status: 400, title: 'The body is not JSON' },
  all_values_rejected: { status: 400, title: 'None of the values could be kept' },
  data_type_unknown: { status: 400, title: 'This data type is not in the catalogue' },
  range_invalid: { status: 400, title: 'The time range is not valid' },
  filter_required: { status: 400, title: 'Say what to delete' },
  cursor_invalid: { status: 400, title: 'The cursor is not one of ours' },
  host_not_allowed: { status: 400, title: 'This host name is not served here' },
  return_to_not_allowed: { status: 400, title: 'This is no place to return to' },
  credentials_refused: { status: 400, title: 'The provider did not take these credentials' },
  push_not_taken: { status: 400, title: 'Nothing is pushed to this provider' },
  sync_not_taken: { status: 400, title: 'There is nothing to fetch for this connection' },
  sign_in_not_taken: { status: 400, title: 'There is nothing to sign in to at this provider' },
  password_weak: { status: 400, title: 'This password is too easy to guess' },
  not_signed_in: { status: 401, title: 'Sign in first' },
  credentials_wrong: { status: 401, title: 'The e-mail address or password is not right' },
  token_invalid: { status: 401, title: 'The token is not valid or has ended' },
  refresh_token_reused: { status: 401, title: 'This sign-in was ended because its refresh token was used twice' },
  not_allowed: { status: 403, title: 'You may not do this' },
  csrf_missing: { status: 403, title: 'The request did not come from the app' },
  insecure_transport: { status: 403, title: 'Signing in needs HTTPS' },
  setup_link_required: { status: 403, title: 'The first account needs the set-up link' },
  signup_closed: { status: 403, title: 'New accounts are not taken here' },
  invite_required: { status: 403, title: 'An invite is needed to register here' },
  invite_invalid: { status: 403, title: 'This invite is not valid any more' },
  not_found: { status: 404, title: 'There is no such thing here' },
  provider_unknown: { status: 404, title: 'There is no such provider' },
  provider_not_connected: { status: 404, title: 'You are not connected to this provider' },
  method_not_allowed: { status: 405, title: 'This address does not take that method' },
  email_taken: { status: 409, title: 'There is an account with this e-mail address' },
  device_exists: { status: 409, title: 'This device is registered already' },
  app_from_environment: { status: 409, title: 'This app is set in the environment' },
  connection_paused: { status: 409, title: 'This connection is paused' },
  session_not_manual: { status: 409, title: 'Only a session entered by hand can be moved' },
  export_not_ready: { status: 409, title: 'The export is not written yet' },
  idempotency_in_progress: { status: 409, title: 'The first request with this key is still running' },
  idempotency_secret_not_repeated: { status: 409, title: 'Done already; its secret is not shown again' },
  upload_moved: { status: 409, title: 'The upload stands at another place' },
  tus_version_unsupported: { status: 412, title: 'Resumable uploads speak tus 1.0.0' },
  payload_too_large: { status: 413, title: 'The request is too large' },
  media_type_unsupported: { status: 415, title: 'This content type is not taken here' },
  encoding_unsupported: { status: 415, title: 'This content encoding is not taken here' },
  file_unreadable: { status: 422, title: 'Nothing could be read from this file' },
  idempotency_key_reused: { status: 422, title: 'This Idempotency-Key was used for another request' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  too_many_attempts: { status: 429, title: 'Too many attempts to sign in' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  provider_not_configured: { status: 503, title: 'This provider is not set up here' },
  provider_unavailable: { status: 503, title: 'The provider does not answer' },
  database_unavailable: { status: 503, title: 'The database does not answer' },
  busy: { status: 503, title: 'Too busy right now' },
  storage_full: { status: 507, title: 'The disk is full' },
} as const satisfies Record<string, { status: number; title: string }>

export type ProblemCode = keyof typeof problems

/** One thing wrong in the request: where (a JSON pointer, or the name of a parameter) and why. */
export interface FieldError {
  pointer: string
  code?: string
  detail: string
}

/** The body of every answer that is not a success. */
export interface ProblemBody {
  type: string
  title: string
  status: number
  code: ProblemCode
  detail: string
  /** The request id, also in the `X-Request-Id` header and the log. */
  instance: string
  errors?: FieldError[]
  [field: string]: unknown
}
