/** Runs the command that the words of the process name, and sets its exit status. */
import { isatty } from 'node:tty'
import { withoutUserinfo } from '../errors.ts'
import { exitStatuses } from './process/exit-status.ts'
import { watchOutputs } from './process/output-errors.ts'

// Every user of this machine can read the command line, including a password in an address.
const words = process.argv.map((word) =>
  /:\/\/.*@|https?:.*@/is.test(word) ? withoutUserinfo(word) : word,
)
if (words.some((word, index) => word !== process.argv[index])) process.title = words.join(' ')

const hasFailedOutput = watchOutputs(process.stdout, process.stderr)
const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor))

const { runProgram } = await import('./program.ts')
process.exitCode = await runProgram(process.argv.slice(2))
process.once('exit', () => {
  if (hasFailedOutput()) process.exitCode = exitStatuses.failed
})
// At exit, Node restores the mode of its terminals, and aborts for one that was closed meanwhile.
if (terminals.some((descriptor) => !isatty(descriptor))) {
  process.removeAllListeners('SIGHUP')
  process.kill(process.pid, 'SIGHUP')
}
// A task module may have left timers or sockets that would keep the process alive.
setTimeout(() => process.exit(), 500).unref()
