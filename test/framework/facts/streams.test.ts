import { take } from 'rxjs'
import type { Observable } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { JarcastError } from '../../../src/errors.ts'
import type { TaskFact } from '../../../src/framework/facts/events.ts'
import { createStreams } from '../../../src/framework/facts/streams.ts'
import { nextUnhandledError } from '../support/unhandled-error.ts'

const stopped = new JarcastError('FRAMEWORK_STOPPED', 'the framework has stopped')
const failed = new JarcastError('TASK_FAILED', 'exit 7')
const launched: TaskFact = {
  type: 'task.launched',
  taskId: 'a',
  attempt: 1,
  agentId: 'a1',
  hostname: 'h1',
  at: 1,
}
const running: TaskFact = {
  type: 'task.updated',
  taskId: 'a',
  attempt: 1,
  state: 'TASK_RUNNING',
  at: 2,
}
const finished: TaskFact = { ...running, type: 'task.ended', state: 'TASK_FINISHED', at: 3 }

/** Streams of a run that knows these last facts, and a function that notes what a stream does. */
function given(known: Readonly<Record<string, TaskFact>> = {}) {
  const streams = createStreams({ snapshot: () => undefined, lastFactOf: (id) => known[id] })
  const watch = (name: 'fact$' | 'progress$' | 'run$' | { readonly task: string }) => {
    const seen: unknown[] = []
    const stream$: Observable<unknown> =
      typeof name === 'string' ? streams[name] : streams.task$(name.task)
    stream$.subscribe({
      next: (value) => seen.push((value as { readonly type: string }).type),
      error: (error: unknown) => seen.push(error),
      complete: () => seen.push('complete'),
    })
    return seen
  }
  return { ...streams, watch }
}

describe('fact$', () => {
  it('has later facts only, and completes with the run', () => {
    const { publish, watch, end } = given()
    publish(launched)
    const seen = watch('fact$')
    publish(running)
    end(stopped)
    publish(finished)
    expect([seen, watch('fact$')]).toEqual([['task.updated', 'complete'], ['complete']])
  })

  it('errors as run$ with the reason of the end, also for late subscribers', () => {
    const { watch, end } = given()
    const seen = watch('run$')
    end(stopped)
    expect([seen, watch('run$')]).toEqual([[stopped], [stopped]])
  })

  it('continues for others when one subscriber throws', async () => {
    const { fact$, publish, watch } = given()
    const thrown = nextUnhandledError()
    fact$.pipe(take(1)).subscribe(() => {
      throw new Error('of a reader')
    })
    const seen = watch('fact$')
    publish(launched)
    publish(running)
    expect(seen).toEqual(['task.launched', 'task.updated'])
    await expect(thrown).resolves.toMatchObject({ message: 'of a reader' })
  })
})

describe('task$', () => {
  it('has the facts of its task, and completes when that has finished', () => {
    const { publish, watch } = given()
    const seen = watch({ task: 'a' })
    const other = watch({ task: 'b' })
    for (const fact of [launched, running, finished]) publish(fact)
    publish({ type: 'framework.draining', at: 4 })
    expect(seen).toEqual(['task.launched', 'task.updated', 'task.ended', 'complete'])
    expect(other).toEqual([])
  })

  it('errors with the error of its task', () => {
    const { publish, watch } = given()
    const seen = watch({ task: 'a' })
    publish({ ...finished, error: failed } as TaskFact)
    expect(seen).toEqual(['task.ended', failed])
  })

  it('begins with the last known fact', () => {
    const { publish, watch } = given({ a: running, b: { ...finished, taskId: 'b' } })
    const seen = watch({ task: 'a' })
    expect([seen, watch({ task: 'b' })]).toEqual([['task.updated'], ['task.ended', 'complete']])
    publish(finished)
    expect(seen).toEqual(['task.updated', 'task.ended', 'complete'])
  })

  it('knows an outcome after the end of the run, and errors with its reason otherwise', () => {
    const { watch, end } = given({ a: finished })
    const open = watch({ task: 'b' })
    end(stopped)
    expect(open).toEqual([stopped])
    expect(watch({ task: 'a' })).toEqual(['task.ended', 'complete'])
    expect(watch({ task: 'c' })).toEqual([stopped])
  })

  it('without the last fact is laterTask$', () => {
    const { laterTask$, publish } = given({ a: finished })
    const seen: string[] = []
    laterTask$('a').subscribe(({ type }) => seen.push(type))
    expect(seen).toEqual([])
    publish(finished)
    expect(seen).toEqual(['task.ended'])
  })
})

describe('progress$', () => {
  it('outlives the run, and completes when all is closed', () => {
    const { report, watch, end, close } = given()
    const seen = watch('progress$')
    end(stopped)
    report({ type: 'jarServer.stopped', requests: 1, bytesServed: 2 })
    close()
    expect(seen).toEqual(['jarServer.stopped', 'complete'])
  })
})
