export { createImport } from './create-import.ts'
export { getImport } from './get-import.ts'
export { listImportFiles } from './list-import-files.ts'
export { listImports } from './list-imports.ts'
