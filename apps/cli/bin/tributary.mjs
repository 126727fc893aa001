#!/usr/bin/env node
/**
 * `tributary`, for any Node from 18 on: sets up what is missing, then runs the command under the pinned Node.
 * What works on the server's own data belongs to the server (`start`, `doctor`, `users`, `backup` …); the rest talks to a server.
 */
import { launch } from '../../../scripts/lib/launch.mjs'

const [command, ...args] = process.argv.slice(2)
const ofServer = ['start', 'doctor', 'users', 'backup', 'restore', 'verify', 'migrate', 'views', 'keys']
process.exitCode = ofServer.includes(command) ? await launch(command, args) : await launch('cli', process.argv.slice(2))
