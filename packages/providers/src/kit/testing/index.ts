/** What a provider's test needs. */
export * from './answers.ts'
export * from './fixture.ts'
export * from './http.ts'
export * from './leaves.ts'
