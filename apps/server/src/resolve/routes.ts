export { explainDay } from './explain-day.ts'
export { listDays } from './list-days.ts'
