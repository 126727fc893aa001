import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the project, wherever it was cloned and from wherever we were called. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

export function say(line) {
  console.error(`tributary: ${line}`)
}

/** Ends what was asked for with one line that says why; whoever called us prints it. */
export class SetUpError extends Error {
  constructor(message, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}
