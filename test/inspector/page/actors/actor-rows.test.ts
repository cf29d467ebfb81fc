import { describe, expect, it } from 'vitest'
import { actorRows } from '../../../../src/inspector/page/actors/actor-rows.ts'
import type { ActorAt } from '../../../../src/inspector/protocol/questions.ts'

function actor(id: string, parent?: string, state = 'idle'): ActorAt {
  const family = parent === undefined ? {} : { parent }
  return { id, name: id, ...family, state, states: [], status: 'active', tags: [] }
}

const family = [
  actor('root'),
  actor('a', 'root'),
  actor('a1', 'a', 'running'),
  actor('a2', 'a'),
  actor('b', 'root'),
]
const none: ReadonlySet<string> = new Set()
const ids = (closed = none, filter = '') =>
  actorRows(family, closed, filter).map(({ actor, level }) => `${level}${actor.id}`)

describe('actorRows', () => {
  it('puts children below their parents', () => {
    expect(ids()).toEqual(['1root', '2a', '3a1', '3a2', '2b'])
  })

  it('hides what is inside a closed actor', () => {
    expect(ids(new Set(['a']))).toEqual(['1root', '2a', '2b'])
  })

  it('shows matches with their ancestors, even in closed ones', () => {
    expect(ids(new Set(['a']), 'RUN')).toEqual(['1root', '2a', '3a1'])
  })

  it('tells the place of each among its siblings', () => {
    const [, , first, second] = actorRows(family, none, '')
    expect(first).toMatchObject({ place: 1, siblings: 2, hasChildren: false })
    expect(second).toMatchObject({ place: 2, siblings: 2 })
  })

  it('makes a root of an actor whose parent is unknown', () => {
    expect(actorRows([actor('x', 'gone')], none, '')).toMatchObject([{ level: 1 }])
  })

  it('shows no actor of a family that is its own ancestor', () => {
    expect(actorRows([actor('x', 'y'), actor('y', 'x')], none, 'x')).toEqual([])
  })

  it('goes down 20,000 levels', () => {
    const line = Array.from({ length: 20_000 }, (_, index) =>
      actor(`${index}`, index === 0 ? undefined : `${index - 1}`),
    )
    expect(actorRows(line, none, '').at(-1)).toMatchObject({ level: 20_000 })
  })
})
