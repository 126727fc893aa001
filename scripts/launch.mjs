/**
 * `npm start`, `npm test`, `npm run check|prove|bench|generate`: does all set-up, then runs the task under the pinned Node.
 * This file and what it imports are plain JavaScript that any Node from 18 on can run. Nothing global is touched.
 */
import { launch } from './lib/launch.mjs'

const [task, ...args] = process.argv.slice(2)
process.exitCode = await launch(task, args)
