import { describe, expect, it } from 'vitest'
import { actorRows } from '../../../../src/inspector/page/actors/actor-rows.ts'
import { treeKeys } from '../../../../src/inspector/page/actors/tree-keys.ts'
import { meaningOf } from '../../../../src/inspector/page/parts/focus-keys.ts'
import type { ActorAt } from '../../../../src/inspector/protocol/questions.ts'

function actor(id: string, parent?: string): ActorAt {
  const family = parent === undefined ? {} : { parent }
  return { id, name: id, ...family, state: 'idle', states: [], status: 'active', tags: [] }
}

const family = [
  actor('root'),
  actor('a', 'root'),
  actor('a1', 'a'),
  actor('a2', 'a'),
  actor('b', 'root'),
]
const rows = actorRows(family, new Set(), '')
const closed = actorRows(family, new Set(['a']), '')

describe('the keys of the tree', () => {
  it.each([
    ['ArrowDown', 1, { choose: 2 }],
    ['ArrowUp', 0, { choose: 0 }],
    ['ArrowDown', 4, { choose: 4 }],
    ['Home', 3, { choose: 0 }],
    ['End', 0, { choose: 4 }],
    ['ArrowRight', 1, { choose: 2 }],
    ['ArrowRight', 2, undefined],
    ['ArrowLeft', 1, { toggle: 'a' }],
    ['ArrowLeft', 3, { choose: 1 }],
    ['ArrowRight', -1, undefined],
    ['ArrowLeft', -1, undefined],
    ['x', 3, undefined],
  ])('%s on row %i means %j', (key, index, move) => {
    expect(meaningOf(treeKeys, key)?.(rows, index)).toEqual(move)
  })

  it('open a closed actor to the right, and leave it to the left', () => {
    expect(meaningOf(treeKeys, 'ArrowRight')?.(closed, 1)).toEqual({ toggle: 'a' })
    expect(meaningOf(treeKeys, 'ArrowLeft')?.(closed, 1)).toEqual({ choose: 0 })
  })
})
