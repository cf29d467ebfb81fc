import { describe, expect, it } from 'vitest'
import { replaceActors } from '../../../src/journal/core/context-actors.ts'

class Actor {
  readonly sessionId = 'x:0'
  send(): void {}
}

const [former, born] = [new Actor(), new Actor()]
const actors = new Map([[former, born]])

describe('replaceActors', () => {
  it('gives back a context without actors as it is', () => {
    const context = { tasks: [{ id: 't1' }] }
    expect(replaceActors(context, actors)).toBe(context)
  })

  it('replaces an actor wherever it stands, and leaves the given context alone', () => {
    const shared = { child: former }
    const context = { list: [former, 1], one: shared, other: shared }
    const replaced = replaceActors(context, actors)
    expect(replaced.list).toEqual([born, 1])
    expect(replaced.list[0]).toBe(born)
    expect(replaced.one.child).toBe(born)
    expect(replaced.other).toBe(replaced.one)
    expect(context.one.child).toBe(former)
  })

  it('replaces an actor near the top, beside a large state', () => {
    const tasks = Array.from({ length: 3000 }, (_, id) => ({ id }))
    const replaced = replaceActors({ child: former, tasks, more: { child: former } }, actors)
    expect(replaced.child).toBe(born)
    expect(replaced.more.child).toBe(born)
    expect(replaced.tasks).toEqual(tasks)
  })

  it('copies a context that names itself', () => {
    const context: { child: Actor; self?: object } = { child: former }
    context.self = context
    const replaced = replaceActors(context, actors)
    expect(replaced.self).toBe(replaced)
  })
})
