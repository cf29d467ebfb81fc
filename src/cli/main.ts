#!/usr/bin/env node
import { runProgram } from './program.ts'

// Whoever read our output may have seen enough (| head): the work goes on without being shown.
process.stdout.on('error', ignoreBrokenPipe)
process.stderr.on('error', ignoreBrokenPipe)

process.exitCode = await runProgram(process.argv.slice(2))
// A module of tasks may have left something running that would keep this process.
setTimeout(() => process.exit(), 500).unref()

function ignoreBrokenPipe(error: NodeJS.ErrnoException): void {
  // EIO: the terminal is gone.
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
}
