/** The routes that take data in, for the server's list. */
export { createSample } from './create-sample.ts'
export { pushIntegration } from './phone/push-integration.ts'
export { uploadData } from './upload-data.ts'
