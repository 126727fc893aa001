export { createDemo } from './create-demo.ts'
export { deleteDemo } from './delete-demo.ts'
export { getDemo } from './get-demo.ts'
