import { json } from '../kit/answers.ts'

const messages: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Authorization Error',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Resource Not Found',
  429: 'Rate Limit Exceeded',
}

/** Strava's one shape of errors. */
export const fault = (status: number, resource: string, field: string, code: string): Response =>
  json({ message: messages[status] ?? 'Error', errors: [{ resource, field, code }] }, status)
