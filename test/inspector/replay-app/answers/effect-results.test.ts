import { describe, expect, it } from 'vitest'
import type { EffectAnswers } from '../../../../src/effects/answer.ts'
import {
  expectedAnswers,
  findResults,
} from '../../../../src/inspector/replay-app/answers/effect-results.ts'
import { describeEvents } from '../../../../src/inspector/replay-app/answers/rows.ts'
import type { Run } from '../../../../src/inspector/replay-app/run/run.ts'
import { entriesOf } from '../../support/golden.ts'

/** A run of these events that counts how often its entries are written as JSON. */
function runOf(...events: readonly { readonly type: string; readonly [field: string]: unknown }[]) {
  const entries = entriesOf(...events)
  let reads = 0
  const run = {
    readSeq: entries.length,
    entryAt: (seq: number) => entries[seq - 1],
    linesFrom(seq: number) {
      reads += 1
      return entries.slice(seq - 1).map((entry) => JSON.stringify(entry))
    },
  } as unknown as Run<never>
  return { scene: { run, events: describeEvents({}) }, reads: () => reads }
}

const withKeys = (...keys: readonly string[]) =>
  keys.map((key) => ({ key, type: 'fx.do', params: {} }))

describe('findResults', () => {
  it('finds the first result of each effect, in one search', async () => {
    const { scene, reads } = runOf(
      { type: 'go' },
      { type: 'done', key: '1.1' },
      { type: 'call.failed', key: '1.0' },
      { type: 'done', key: '1.0' },
    )
    const results = await findResults(scene, 1, withKeys('1.0', '1.1', '1.2'))
    expect(Object.fromEntries(results)).toEqual({
      '1.0': { seq: 3, type: 'call.failed', isFailure: true },
      '1.1': { seq: 2, type: 'done', isFailure: false },
    })
    expect(reads()).toBe(1)
  })

  it('takes only a key of the event itself', async () => {
    const { scene } = runOf(
      { type: 'go' },
      { type: 'note', key: { key: '1.0' } },
      { type: 'done', key: '1.10' },
    )
    expect((await findResults(scene, 1, withKeys('1.0'))).size).toBe(0)
  })

  it('searches nothing for a step without effects', async () => {
    const { scene, reads } = runOf({ type: 'go' }, { type: 'done' })
    await findResults(scene, 1, [])
    expect(reads()).toBe(0)
  })
})

describe('findResults of a machine with a table of answers', () => {
  const answer = (event: string, outcome: 'done' | 'failed', isAbout = () => true) => {
    return { event, outcome, which: '', isAbout }
  }
  const isOf = (id: { readonly id: string }, event: object) => 'id' in event && event.id === id.id
  const answers: EffectAnswers = {
    'fx.call ACCEPT': [
      { ...answer('update', 'done'), which: 'of the task', isAbout: isOf },
      answer('call.refused', 'failed'),
    ],
    'fx.start': [answer('started', 'done')],
    'fx.forget': [],
  }
  const accept = (key: string, id: string) => ({
    key,
    type: 'fx.call',
    params: { type: 'ACCEPT', id },
  })

  it('takes the first event that is about what the effect asked for', async () => {
    const { scene } = runOf(
      { type: 'go' },
      { type: 'update', id: 'other' },
      { type: 'update', id: 'b' },
      { type: 'started' },
      { type: 'update', id: 'a' },
      { type: 'update', id: 'a' },
    )
    const start = { key: '1.2', type: 'fx.start', params: undefined }
    const forget = { key: '1.3', type: 'fx.forget', params: undefined }
    const effects = [accept('1.0', 'a'), accept('1.1', 'b'), start, forget]
    const results = await findResults({ ...scene, answers }, 1, effects)
    expect(Object.fromEntries(results)).toEqual({
      '1.0': { seq: 5, type: 'update', isFailure: false },
      '1.1': { seq: 3, type: 'update', isFailure: false },
      '1.2': { seq: 4, type: 'started', isFailure: false },
    })
  })

  it('tells a refusal, and an answer that reports a failure', async () => {
    const { scene } = runOf({ type: 'go' }, { type: 'call.refused' })
    const results = await findResults({ ...scene, answers }, 1, [accept('1.0', 'a')])
    expect(results.get('1.0')).toEqual({ seq: 2, type: 'call.refused', isFailure: true })
  })

  it('says what may answer an effect, that nothing does, or that it is not known', () => {
    expect(expectedAnswers(answers, accept('1.0', 'a'))).toEqual([
      { text: 'update of the task', isFailure: false },
      { text: 'call.refused', isFailure: true },
    ])
    expect(expectedAnswers(answers, { key: '1.0', type: 'fx.forget', params: {} })).toEqual([])
    expect(expectedAnswers(answers, { key: '1.0', type: 'fx.new', params: {} })).toBeUndefined()
    expect(expectedAnswers(undefined, accept('1.0', 'a'))).toBeUndefined()
  })
})
