import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRelayMessage } from '../../../src/server/relays/relay-message.ts'

const sha256 = 'a'.repeat(64)

describe('parseRelayMessage', () => {
  it('reads the messages of executors', () => {
    for (const message of [
      { type: 'join', sha256, port: 1 },
      { type: 'join', sha256, port: 65_535, rack: 'r1', time: 1, nonce: 'n' },
      { type: 'join', sha256, port: 1, hostname: 'agent-1' },
      { type: 'finish', sha256, port: 1 },
      { type: 'leave', sha256, port: 1 },
      { type: 'fail', sha256, port: 1, source: '10.0.0.1:1', reason: 'wrong' },
    ]) {
      expect(parseRelayMessage(JSON.stringify(message))).toEqual({ time: 0, nonce: '', ...message })
    }
  })

  it('refuses everything else', () => {
    for (const message of [
      {},
      { type: 'join', sha256: 'A'.repeat(64), port: 1 },
      { type: 'join', sha256, port: 0 },
      { type: 'join', sha256, port: 65_536 },
      { type: 'join', sha256, port: 1.5 },
      { type: 'join', sha256, port: '1' },
      { type: 'join', sha256, port: 1, rack: 'r'.repeat(257) },
      { type: 'join', sha256, port: 1, hostname: 'h'.repeat(257) },
      { type: 'fail', sha256, port: 1, source: 'x' },
      { type: 'fail', sha256, port: 1, source: 'x', reason: 'none' },
      { type: 'join', sha256, port: 1, time: 1.5 },
      { type: 'join', sha256, port: 1, nonce: 1 },
      { type: 'other', sha256, port: 1 },
    ]) {
      expect(parseRelayMessage(JSON.stringify(message))).toBeUndefined()
    }
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parseRelayMessage(text)).toBeUndefined()
      }),
    )
  })
})
