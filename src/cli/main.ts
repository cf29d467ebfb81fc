#!/usr/bin/env node
import { isatty } from 'node:tty'
import { setFlagsFromString } from 'node:v8'
import { withoutUserinfo } from '../errors.ts'
import { exitStatuses } from './process/exit-status.ts'
import { watchOutputs } from './process/output-errors.ts'
import { runProgram } from './program.ts'

// XState makes short-lived lists of actions per event. V8 comes to put them where old objects are, and then whatever
// they refer to lives on, too, which costs a third of the throughput.
setFlagsFromString('--no-allocation-site-pretenuring')

// Every user of this machine can read the command line, including a password in an address.
const words = process.argv.map((word) =>
  /:\/\/.*@|https?:.*@/is.test(word) ? withoutUserinfo(word) : word,
)
if (words.some((word, index) => word !== process.argv[index])) process.title = words.join(' ')

const hasFailedOutput = watchOutputs(process.stdout, process.stderr)
const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor))

process.exitCode = await runProgram(process.argv.slice(2))
process.once('exit', () => {
  if (hasFailedOutput()) process.exitCode = exitStatuses.failed
})
// Node aborts when it puts a terminal back in order at its exit that was closed meanwhile.
if (terminals.some((descriptor) => !isatty(descriptor))) {
  process.removeAllListeners('SIGHUP')
  process.kill(process.pid, 'SIGHUP')
}
// A module of tasks may have left something running that would keep this process.
setTimeout(() => process.exit(), 500).unref()
