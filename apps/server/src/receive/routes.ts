/** The routes that take data in, for the server's list. */
export { createSample } from './create-sample.ts'
export { uploadData } from './upload-data.ts'
