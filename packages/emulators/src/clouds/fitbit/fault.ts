import { json } from '../kit/answers.ts'

const statuses: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  405: 'UNIMPLEMENTED',
  409: 'ALREADY_EXISTS',
  429: 'RESOURCE_EXHAUSTED',
}

/** As Google says what went wrong. */
export const fault = (code: number, message: string, reason?: string): Response =>
  json(
    {
      error: {
        code,
        message,
        status: statuses[code] ?? 'UNKNOWN',
        ...(reason ? { details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason }] } : {}),
      },
    },
    code,
  )
