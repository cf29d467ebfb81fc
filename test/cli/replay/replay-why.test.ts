import picocolors from 'picocolors'
import { describe, expect, it } from 'vitest'
import { reasonsOf, whyText } from '../../../src/cli/replay/replay-why.ts'
import type { StepJson } from '../../../src/inspector/replay-app/replay-steps.ts'

const step: StepJson = {
  seq: 7,
  now: 1000,
  event: { type: 'go' },
  type: 'go',
  actor: 'root',
  cause: { kind: 'event' },
  microsteps: [
    {
      actor: 'root',
      type: 'go',
      considered: [
        {
          transition: 'root.a#go#0',
          state: 'root.a',
          on: 'go',
          targets: ['root.b'],
          verdict: 'guard false',
          guard: {
            name: 'not',
            result: false,
            reads: [],
            parts: [
              {
                name: 'hasWork',
                result: true,
                reads: [{ path: 'context.size', value: 'x\u001B[2J' }],
              },
            ],
          },
        },
        { transition: 'root#*#0', state: 'root', on: '*', targets: [], verdict: 'taken' },
      ],
      from: 'a',
      to: 'a',
      entered: [],
      exited: [],
      actions: [{ type: 'tell' }],
    },
  ],
  effects: [],
  facts: [],
  sent: [{ from: 'root', to: 'child', type: 'tick', event: { type: 'tick' }, delayMs: 50 }],
  rejections: [],
  changes: [{ actor: 'child', changes: [{ path: ['map', 'k'], after: { b: 1 } }], count: 1 }],
}
const colours = picocolors.createColors(false)

describe('whyText', () => {
  it('has a line for each transition considered, event sent, and change', () => {
    const lines = whyText(step, { actorId: undefined, colours }).map((line) => line.trim())
    expect(lines).toEqual([
      '✗ guard false: root, go in root.a → root.b  [not false: hasWork true: context.size "x\\u001b[2J"]',
      '✓ taken: root, * in root',
      '→ root to child: tick after 50 ms',
      '± child map.k: – → {"b":1}',
    ])
  })

  it('shows one actor', () => {
    const lines = whyText(step, { actorId: 'child', colours }).map((line) => line.trim())
    expect(lines).toEqual(['→ root to child: tick after 50 ms', '± child map.k: – → {"b":1}'])
  })
})

describe('reasonsOf', () => {
  it('keeps of an actor what it did, got, sent and changed', () => {
    const { microsteps, sent, changes } = reasonsOf(step, 'root')
    expect([microsteps.length, sent.length, changes.length]).toEqual([1, 1, 0])
  })
})
