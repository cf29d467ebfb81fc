import { describe, expect, it } from 'vitest'
import { createMachine } from 'xstate'
import { fingerprintOf } from '../../../src/journal/core/state-hash.ts'

describe('fingerprintOf', () => {
  /** A machine with an action of this name. */
  function machine(name: string) {
    const action = Object.defineProperty(() => undefined, 'name', { value: name })
    return createMachine({ entry: action })
  }

  it('is the same where a bundler has numbered functions of one name', () => {
    expect(fingerprintOf(machine('askForAll2'))).toBe(fingerprintOf(machine('askForAll')))
    expect(fingerprintOf(machine('askForMore'))).not.toBe(fingerprintOf(machine('askForAll')))
  })
})
