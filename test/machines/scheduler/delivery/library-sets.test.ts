import { describe, expect, it } from 'vitest'
import { createLibrarySet } from '../../../../src/domain/libraries/library.ts'
import type { Library } from '../../../../src/domain/libraries/library.ts'
import { hostsOf } from '../../../../src/machines/scheduler/delivery/library-holders.ts'
import { librarySetsMachine } from '../../../../src/machines/scheduler/delivery/library-sets.ts'
import type { LibrarySetsEvent } from '../../../../src/machines/scheduler/delivery/library-sets.ts'
import { asChild } from '../../../support/machines/as-child.ts'

const library = (name: string, digit: string): Library => ({
  name,
  sha256: digit.repeat(64),
  sizeBytes: 1,
  kind: 'jar',
})
const a = library('a.jar', '1')
const b = library('b.jar', '2')
const base = createLibrarySet([a])
const both = createLibrarySet([a, b])
const staged: LibrarySetsEvent = { type: 'libraries.staged', set: base }
const added: LibrarySetsEvent = { type: 'library.added', library: b }
const needed = (...setIds: readonly string[]): LibrarySetsEvent => ({ type: 'sets.needed', setIds })

function start(...events: readonly LibrarySetsEvent[]) {
  const component = asChild(librarySetsMachine, undefined)
  return { component, last: component.send(staged, ...events) }
}

describe('librarySetsMachine', () => {
  it('notifies its parent of the set that new tasks get', () => {
    const { component, last } = start(needed(base.id), added)
    expect(last?.facts).toEqual([{ type: 'libraries.changed', set: both }])
    expect(component.notices).toEqual([
      { type: 'sets.changed', setId: base.id },
      { type: 'sets.changed', setId: both.id },
    ])
  })

  it('releases a set when no task needs it, and never the current one', () => {
    expect(start(needed(base.id), added).last?.effects).toEqual([])
    const { component, last } = start(needed(base.id), added, needed(both.id))
    expect(last?.effects).toMatchObject([{ type: 'fx.releaseSets', params: { sets: [base] } }])
    expect(component.send(needed())?.effects).toEqual([])
  })

  it('rejects a change that cannot be made, and changes nothing', () => {
    const { component, last } = start({ type: 'library.removed', name: 'x.jar' })
    expect(last?.facts).toMatchObject([{ type: 'libraries.rejected', code: 'LIBRARY_NOT_FOUND' }])
    expect(component.snapshot.context.sets.current).toBe(base.id)
  })

  it('knows the hosts that have a library until their agents are removed', () => {
    const holder = { sha256: a.sha256, agentId: 'a1', hostname: 'h1' } as const
    const { component } = start({ type: 'holder.added', ...holder })
    expect(hostsOf(component.snapshot.context.holders, a.sha256)).toEqual(['h1'])
    const failure = { type: 'mesos.failure', agentId: { value: 'a1' } } as const
    component.send({ ...failure, executorId: { value: 'e1' } })
    expect(hostsOf(component.snapshot.context.holders, a.sha256)).toEqual(['h1'])
    component.send(failure)
    expect(hostsOf(component.snapshot.context.holders, a.sha256)).toEqual([])
  })
})
