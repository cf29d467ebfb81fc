import { describe, expect, it } from 'vitest'
import { initialTransition, transition } from 'xstate'
import type { RelayEvent } from '../../../src/domain/relay/relay-events.ts'
import { relayMachine } from '../../../src/machines/relay/relay.ts'

const sha256 = 'a'.repeat(64)
const server = ['server', 'server', 'server', 'server']

function joined(id: string, library = sha256): RelayEvent {
  return { type: 'relay.joined', sha256: library, host: { id, canServe: true } }
}

function run(...events: readonly RelayEvent[]) {
  let [snapshot] = initialTransition(relayMachine)
  let actions: readonly { readonly type: string; readonly params: unknown }[] = []
  for (const event of events) [snapshot, actions] = transition(relayMachine, snapshot, event)
  return { plans: snapshot.context.plans, actions }
}

describe('relayMachine', () => {
  it('answers a host that joins, and hosts whose sources change', () => {
    const [first] = run(joined('a:1')).actions
    expect(first).toMatchObject({
      type: 'fx.answerRelay',
      params: { sha256, answers: [{ hostId: 'a:1', sources: server, hops: [1, 1, 1, 1] }] },
    })
    const [second] = run(joined('a:1'), joined('b:1')).actions
    expect(second?.params).toMatchObject({
      answers: [
        { hostId: 'b:1', sources: ['a:1', 'server', 'server', 'server'], hops: [2, 1, 1, 1] },
        { hostId: 'a:1', sources: ['server', 'b:1', 'server', 'server'] },
      ],
    })
  })

  it('gives another source to a host after a fault', () => {
    const { actions } = run(joined('a:1'), joined('b:1'), {
      type: 'relay.failed',
      sha256,
      hostId: 'b:1',
      sourceId: 'a:1',
      reason: 'wrong',
    })
    expect(actions[0]?.params).toMatchObject({ answers: [{ hostId: 'b:1', sources: server }] })
  })

  it('sends no answer without a change', () => {
    expect(run({ type: 'relay.left', sha256, hostId: 'a:1' })).toEqual({ plans: [], actions: [] })
    expect(run(joined('a:1'), { type: 'relay.finished', sha256, hostId: 'a:1' }).actions).toEqual(
      [],
    )
  })

  it('forgets a library when its last host has left, and all with the process', () => {
    expect(run(joined('a:1'), { type: 'relay.left', sha256, hostId: 'a:1' }).plans).toEqual([])
  })

  it('keeps a limited number of the latest plans', () => {
    const libraries = Array.from({ length: 100 }, (_, index) => `library${index}`)
    const { plans } = run(...libraries.map((library) => joined('a:1', library)))
    expect(plans).toHaveLength(64)
    expect(plans.at(-1)?.sha256).toBe('library99')
  })
})
