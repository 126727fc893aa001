/** Every emulated cloud, by the provider's id. A new one is a folder and a line here. */
export * from './cloud.ts'
