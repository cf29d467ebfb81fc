import { describe, expect, it } from 'vitest'
import { shortenPaths } from '../../../src/cli/output/shorten-paths.ts'

const sandbox =
  '/var/lib/mesos/slaves/1f-S0/frameworks/1f-0000/executors/jarcast-75ec/runs/efd3a99b'
const digest = '86d37f7868363d38d0dde07765ebf3ba1b4cc57e8ca200c3ecf7344454250d12'

describe('shortenPaths', () => {
  it('names the sandbox in place of its path', () => {
    const trace = `at run (file://${sandbox}/libraries/${digest}/fn.mjs:2:25)`
    expect(shortenPaths(trace)).toBe('at run ($MESOS_SANDBOX/libraries/86d37f78…/fn.mjs:2:25)')
    expect(shortenPaths(`no file ${sandbox}`)).toBe(`no file ${sandbox}`)
    expect(shortenPaths(`cd ${sandbox}/x ${sandbox}/y`)).toBe(
      'cd $MESOS_SANDBOX/x $MESOS_SANDBOX/y',
    )
  })

  it('leaves other paths, and short digests', () => {
    for (const text of ['/var/lib/mesos/slaves/1f-S0/x', 'at /a/b.mjs:1:2', digest.slice(1)])
      expect(shortenPaths(text)).toBe(text)
  })

  it('reads hostile text once', () => {
    const text = '/'.repeat(200_000)
    expect(shortenPaths(text)).toBe(text)
  })
})
