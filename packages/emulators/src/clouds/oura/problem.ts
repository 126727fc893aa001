import { json } from '../kit/answers.ts'

/** Oura's one shape of errors. */
export const problem = (
  status: number,
  title: string,
  detail: string,
  headers: Record<string, string> = {},
): Response => json({ status, title, detail }, status, headers)
