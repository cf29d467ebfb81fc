import { describe, expect, it } from 'vitest'
import { progressOf } from '../../../src/framework/facts/executor-messages.ts'

const from = { agentId: { value: 'a1' }, executorId: { value: 'e1' } }
const encode = (text: string): string => Buffer.from(text).toString('base64')

describe('progressOf', () => {
  it("reports a message of jarcast's executor by its own type", () => {
    const fetching = {
      type: 'library.fetching',
      name: 'a.jar',
      sha256: 'a'.repeat(64),
      receivedBytes: 1,
      sizeBytes: 2,
    } as const
    expect(progressOf({ ...from, data: encode(JSON.stringify(fetching)) })).toEqual({
      ...fetching,
      agentId: 'a1',
    })
  })

  it.each(['not JSON', '{"type":"library.fetching"}', ''])(
    'reports any other message as it is: %j',
    (text) => {
      const data = encode(text)
      expect(progressOf({ ...from, data })).toEqual({
        type: 'executor.message',
        agentId: 'a1',
        executorId: 'e1',
        data,
      })
    },
  )
})
