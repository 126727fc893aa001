export { type DemoBatch, type DemoYearOptions, demoBatches, demoYear } from './demo-year.ts'
export { type DemoSourceKey, demoSources } from './sources.ts'
