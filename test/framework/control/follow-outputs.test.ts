import { Subject } from 'rxjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { JarcastError } from '../../../src/errors.ts'
import { followOutputs } from '../../../src/framework/control/follow-outputs.ts'
import type { OutputPart } from '../../../src/framework/control/follow-outputs.ts'
import type { FrameworkFact } from '../../../src/framework/facts/events.ts'
import type { TaskPlace } from '../../../src/framework/sandbox/task-place.ts'
import type { OutputFile } from '../../../src/framework/sandbox/task-files.ts'

const partBytes = 64 * 1024

/** A framework of facts, and the files that its tasks write on agents. */
function createRun() {
  const factSubject = new Subject<FrameworkFact>()
  const written = new Map<string, Buffer>()
  const taken = new Map<string, Buffer[]>()
  const ended: string[] = []
  const failures: string[] = []
  const reads = { count: 0, open: 0, mostOpen: 0 }
  const fails = new Map<string, JarcastError>()
  const keyOf = (launchId: string, name: string) => `${launchId} ${name}`

  async function read({ launchId }: TaskPlace, { name }: OutputFile, offset: number) {
    reads.count += 1
    reads.open += 1
    reads.mostOpen = Math.max(reads.mostOpen, reads.open)
    await new Promise((done) => setImmediate(done))
    reads.open -= 1
    const error = fails.get(launchId) ?? fails.get(keyOf(launchId, name))
    if (error !== undefined) throw error
    const bytes = written.get(keyOf(launchId, name))
    if (bytes === undefined) return undefined
    return { data: bytes.subarray(offset, offset + partBytes), size: bytes.length }
  }

  async function take({ taskId, attempt, name, bytes, isLast }: OutputPart) {
    const key = `${taskId} ${attempt} ${name}`
    await new Promise((done) => setImmediate(done))
    if (isLast) ended.push(key)
    else taken.set(key, [...(taken.get(key) ?? []), Buffer.from(bytes)])
  }

  const fact$ = factSubject.asObservable()
  const followed = followOutputs(
    { fact$, snapshot: undefined, frameworkId: 'f' } as never,
    { read },
    { take, onFailure: (taskId, error) => failures.push(`${taskId}: ${String(error)}`) },
  )
  onTestFinished(followed.close)

  const fact = (type: string, taskId: string, attempt: number, more: object) => {
    const id = attempt === 1 ? taskId : `${taskId}~${attempt}`
    const status = { taskId: { value: id }, agentId: { value: 'a' }, executorId: { value: 'e' } }
    factSubject.next({ type, taskId, attempt, at: 0, status, ...more } as unknown as FrameworkFact)
  }
  return {
    followed,
    failures,
    ended,
    reads,
    fails,
    runs: (taskId: string, attempt = 1) => {
      fact('task.launched', taskId, attempt, {})
      fact('task.updated', taskId, attempt, { state: 'TASK_RUNNING' })
    },
    launches: (taskId: string) => fact('task.launched', taskId, 1, {}),
    ends: (taskId: string, attempt = 1, more: object = {}) =>
      fact('task.ended', taskId, attempt, { state: 'TASK_FINISHED', ...more }),
    isRetried: (taskId: string, attempt = 1) =>
      fact('task.retried', taskId, attempt, { state: 'TASK_FAILED' }),
    writes(launchId: string, name: string, text: string) {
      const key = keyOf(launchId, name)
      written.set(key, Buffer.concat([written.get(key) ?? Buffer.alloc(0), Buffer.from(text)]))
    },
    textOf: (key: string) => Buffer.concat(taken.get(key) ?? []).toString(),
    async until(isDone: () => boolean) {
      while (!isDone()) await new Promise((done) => setTimeout(done, 10))
    },
  }
}

const flood = Array.from({ length: 60_000 }, (_, index) => `line ${index}\n`).join('')

describe('followOutputs', () => {
  it('gives what a task writes while it runs, and the rest once it has ended', async () => {
    const run = createRun()
    run.runs('t')
    run.writes('t', 'stdout', 'early\n')
    await run.until(() => run.textOf('t 1 stdout') === 'early\n')
    run.writes('t', 'stdout', 'late\n')
    run.writes('t', 'stderr', 'oops\n')
    run.ends('t')
    await run.followed.settled()
    expect(run.textOf('t 1 stdout')).toBe('early\nlate\n')
    expect(run.textOf('t 1 stderr')).toBe('oops\n')
    expect(run.ended.toSorted()).toEqual(['t 1 stderr', 't 1 stdout'])
  })

  it('gives all bytes of a hundred tasks at once, and reads sixteen files at a time', async () => {
    const run = createRun()
    const ids = Array.from({ length: 100 }, (_, index) => `t${index}`)
    for (const id of ids) {
      run.writes(id, 'stdout', flood)
      run.runs(id)
      run.ends(id)
    }
    await run.followed.settled()
    for (const id of ids) expect(run.textOf(`${id} 1 stdout`) === flood).toBe(true)
    expect(run.reads.mostOpen).toBeLessThanOrEqual(16)
  })

  it('goes on with the next attempt', async () => {
    const run = createRun()
    run.writes('t', 'stdout', 'first\n')
    run.writes('t~2', 'stdout', 'second\n')
    run.runs('t')
    run.isRetried('t')
    run.runs('t', 2)
    run.ends('t', 2)
    await run.followed.settled()
    expect([run.textOf('t 1 stdout'), run.textOf('t 2 stdout')]).toEqual(['first\n', 'second\n'])
  })

  it('reads a task that ended before it was known to run, and none that ended earlier', async () => {
    const run = createRun()
    run.writes('quick', 'stdout', 'quick\n')
    run.writes('old', 'stdout', 'old\n')
    run.launches('quick')
    run.ends('quick')
    run.ends('old')
    await run.followed.settled()
    expect(run.textOf('quick 1 stdout')).toBe('quick\n')
    expect(run.textOf('old 1 stdout')).toBe('')
  })

  it('asks no agent about tasks that report to have written nothing', async () => {
    const run = createRun()
    for (let index = 0; index < 500; index += 1) {
      run.runs(`t${index}`)
      run.ends(`t${index}`, 1, { report: { version: 1, result: 1 } })
    }
    await run.followed.settled()
    expect(run.reads.count).toBe(0)
  })

  it('does not ask again at once for a file that grows slowly', async () => {
    const run = createRun()
    run.runs('t')
    let length = 0
    for (let turn = 0; turn < 1000; turn += 1) {
      run.writes('t', 'stdout', '.')
      length += 1
      await new Promise((done) => setImmediate(done))
      if (run.textOf('t 1 stdout') === '') turn = 0
    }
    expect(run.reads.count).toBeLessThan(200)
    run.ends('t')
    await run.followed.settled()
    expect(run.textOf('t 1 stdout') === '.'.repeat(length)).toBe(true)
  })

  it('gives the output of others while an agent is away, and its own once it is back', async () => {
    const run = createRun()
    const away = new JarcastError('AGENT_UNREACHABLE', 'it does not answer', { retryable: true })
    const ids = Array.from({ length: 9 }, (_, index) => `away${index}`)
    for (const id of ids) {
      run.fails.set(id, away)
      run.writes(id, 'stdout', flood)
      run.runs(id)
    }
    await run.until(() => run.reads.count >= 18)
    run.writes('t', 'stdout', 'fine\n')
    run.runs('t')
    await run.until(() => run.textOf('t 1 stdout') === 'fine\n')
    run.fails.clear()
    for (const id of ['t', ...ids]) run.ends(id)
    await run.followed.settled()
    for (const id of ids) expect(run.textOf(`${id} 1 stdout`) === flood).toBe(true)
    expect(run.failures).toEqual([])
  })

  it('reads one file to its end although the other cannot be read', async () => {
    const run = createRun()
    run.fails.set('t stderr', new JarcastError('CALL_REJECTED', 'the agent refuses'))
    run.writes('t', 'stdout', flood)
    run.runs('t')
    run.ends('t')
    await run.followed.settled()
    expect(run.textOf('t 1 stdout') === flood).toBe(true)
    expect(run.failures).toHaveLength(1)
  })

  it('reports what cannot be read, and gives the output of other tasks', async () => {
    const run = createRun()
    run.fails.set('lost', new JarcastError('CALL_REJECTED', 'the agent refuses'))
    run.writes('t', 'stdout', 'fine\n')
    for (const id of ['lost', 't']) {
      run.runs(id)
      run.ends(id)
    }
    await run.followed.settled()
    expect(run.failures).toEqual(['lost: JarcastError: the agent refuses'])
    expect(run.textOf('t 1 stdout')).toBe('fine\n')
  })

  it('gives the last part of a file that cannot be read on', async () => {
    const run = createRun()
    run.writes('t', 'stdout', 'a begun line')
    run.runs('t')
    await run.until(() => run.textOf('t 1 stdout') === 'a begun line')
    run.fails.set('t stdout', new JarcastError('CALL_REJECTED', 'the agent refuses'))
    run.ends('t')
    await run.followed.settled()
    expect(run.failures).toHaveLength(1)
    expect(run.ended).toContain('t 1 stdout')
  })

  it('asks no further without the right to read', async () => {
    const run = createRun()
    run.fails.set('t0', new JarcastError('NOT_PERMITTED', 'no access_sandboxes'))
    run.runs('t0')
    run.ends('t0')
    await run.followed.settled()
    const { count } = run.reads
    run.runs('t1')
    run.ends('t1')
    await run.followed.settled()
    expect(run.reads.count).toBe(count)
    expect(run.failures).toHaveLength(1)
  })
})
