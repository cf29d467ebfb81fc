import { Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { createEmitter } from '../../../src/framework/facts/emitter.ts'
import type { FrameworkFact, FrameworkProgress } from '../../../src/framework/facts/events.ts'
import { nextUnhandledError } from '../support/unhandled-error.ts'

function given() {
  const facts = new Subject<FrameworkFact>()
  const progress = new Subject<FrameworkProgress>()
  return { facts, progress, emitter: createEmitter(facts, progress) }
}

describe('createEmitter', () => {
  it('emits facts and progress by their type, as they are', () => {
    const { facts, progress, emitter } = given()
    const heard: unknown[] = []
    emitter.on('framework.draining', (event) => heard.push(event))
    emitter.on('package.warning', ({ message }) => heard.push(message))
    facts.next({ type: 'framework.draining', at: 5 })
    progress.next({ type: 'package.warning', message: 'slow' })
    expect(heard).toEqual([{ type: 'framework.draining', at: 5 }, 'slow'])
  })

  it('emits on after a listener has thrown', async () => {
    const { facts, emitter } = given()
    const thrown = nextUnhandledError()
    const heard: string[] = []
    emitter.once('framework.draining', () => {
      throw new Error('of a listener')
    })
    emitter.on('framework.stopped', ({ type }) => heard.push(type))
    facts.next({ type: 'framework.draining', at: 1 })
    facts.next({ type: 'framework.stopped', at: 2 })
    expect(heard).toEqual(['framework.stopped'])
    await expect(thrown).resolves.toMatchObject({ message: 'of a listener' })
  })
})
