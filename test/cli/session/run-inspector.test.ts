import { describe, expect, it } from 'vitest'
import { withInspector } from '../../../src/cli/session/run-inspector.ts'

describe('withInspector', () => {
  it('leaves signals to the session without --inspect', async () => {
    const listeners = () => process.listenerCount('SIGINT')
    const before = listeners()
    expect(await withInspector({}, () => Promise.resolve(listeners()))).toBe(before)
  })
})
