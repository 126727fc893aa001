import { json } from '../kit/answers.ts'

export const fault = (status: number, errorMessage: string): Response => json({ errorMessage }, status)
