import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { faultsOf } from '../../support/json-schema.ts'

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))

function doctor(...args: readonly string[]) {
  const words = [main, 'doctor', '--no-config', ...args]
  return spawnSync(process.execPath, words, { encoding: 'utf8' })
}

interface Report {
  readonly findings: readonly { readonly check: string; readonly state: string }[]
}

describe('jarcast doctor', () => {
  it('has an agent fetch a file from this machine', () => {
    const { stdout, status } = doctor('--master', 'local', '--json')
    const report = JSON.parse(stdout) as Report
    expect(faultsOf('doctor')(report)).toEqual([])
    const states = Object.fromEntries(report.findings.map(({ check, state }) => [check, state]))
    expect(states).toMatchObject({ 'Node.js': 'ok', master: 'ok', clock: 'ok', delivery: 'ok' })
    expect(status).toBe(0)
  })

  it('names what fails, and what to do', () => {
    const { stdout, status } = doctor('--master', 'http://127.0.0.1:1', '--timeout', '1')
    expect(stdout).toMatch(/✗ master +127\.0\.0\.1:1 does not answer/)
    expect(status).toBe(1)
  })
})
