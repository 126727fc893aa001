/** How programs talk to the server: the web app, the command line, and anybody's own. */
export * from './client.ts'
export { ProblemError } from './problem-error.ts'
export { readConnectEvent } from './read-connect-event.ts'
export type * from './types.ts'
