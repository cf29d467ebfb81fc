#!/usr/bin/env node
import { exitStatuses } from './exit-status.ts'
import { watchOutputs } from './output-errors.ts'
import { runProgram } from './program.ts'

const hasFailedOutput = watchOutputs(process.stdout, process.stderr)

const status = await runProgram(process.argv.slice(2))
process.exitCode = status
process.once('exit', () => {
  if (hasFailedOutput()) process.exitCode = exitStatuses.failed
})
// A module of tasks may have left something running that would keep this process.
setTimeout(() => process.exit(), 500).unref()
