#!/usr/bin/env node
import { packageVersion } from './package-version.ts'

const [first, ...others] = process.argv.slice(2)
// Programs ask for the version first, and often: nothing else is loaded for it.
if (first === '--version' && others.length === 0) {
  process.stdout.on('error', () => (process.exitCode = 1))
  process.stdout.write(`${packageVersion()}\n`)
} else await import('./start.ts')
