export { createImport } from './create-import.ts'
export { getImport } from './get-import.ts'
export { listImports } from './list-imports.ts'
