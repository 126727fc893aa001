import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/**
 * Runs a command to its end and answers its exit code (128 + n when signal n ended it, as shells say it).
 * The signals we get are passed on, so that nothing we started outlives us. Windows tells every program of the console itself,
 * and passing a signal on there would kill without asking.
 */
export function runToEnd(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', windowsHide: true, ...options })
    const pass = (signal) => process.platform !== 'win32' && child.kill(signal)
    for (const signal of heard()) process.on(signal, pass)
    const ended = (settle) => {
      for (const signal of heard()) process.off(signal, pass)
      settle()
    }
    child.once('error', (error) => ended(() => reject(error)))
    child.once('exit', (code, signal) => ended(() => resolve(signal ? 128 + constants.signals[signal] : (code ?? 1))))
  })
}

/** A closed terminal ends us as Ctrl-C does; without a terminal, as under nohup, SIGHUP keeps the meaning it was given. */
const heard = () => (process.stdin.isTTY ? ['SIGTERM', 'SIGINT', 'SIGHUP'] : ['SIGTERM', 'SIGINT'])
