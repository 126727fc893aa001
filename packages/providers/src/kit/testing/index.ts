/** What a provider's test needs. */
export * from './http.ts'
export * from './leaves.ts'
