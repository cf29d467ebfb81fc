import { EventEmitter, once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { timeoutSignal } from '../src/timeout-signal.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

describe('timeoutSignal', () => {
  it('ends what waits for it among others, though nothing else refers to it', async () => {
    const other = new AbortController()
    const wait = (): Promise<unknown> =>
      once(new EventEmitter(), 'never', {
        signal: AbortSignal.any([other.signal, timeoutSignal(20)]),
      })
    const waits = Array.from({ length: 20 }, wait)
    // What was made in this turn is not collected in it.
    await nextTurn()
    collectGarbage()
    for (const each of await Promise.allSettled(waits))
      expect(each).toMatchObject({ reason: { cause: { name: 'TimeoutError' } } })
  })

  it('is used in place of AbortSignal.timeout everywhere', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && name !== 'timeout-signal.ts')
      .filter((name) => readFileSync(join('src', name), 'utf8').includes('AbortSignal.timeout'))
    expect(sources).toEqual([])
  })
})
