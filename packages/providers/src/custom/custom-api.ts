/** What the server needs of custom APIs. */
export { CustomDefinition } from './definition.ts'
export { customProvider } from './provider-of.ts'
