/** The job of a chaos run: tasks with every outcome, each of which logs its runs in a file. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Json } from '../../src/domain/json.ts'
import type { TaskEnded } from '../../src/framework/facts/events.ts'
import type { Framework } from '../../src/framework/framework.ts'
import type { TaskOptions } from '../../src/framework/requests/task-options.ts'

export interface ChaosTask extends TaskOptions {
  readonly id: string
  /** How it ends on a good network. */
  readonly outcome: 'finished' | 'failed' | 'killed'
  /** Its result; absent: none. */
  readonly result?: number
  /** When the user kills it. */
  readonly killOn?: 'task.launched' | 'task.updated'
}

export interface ChaosJob {
  readonly tasks: readonly ChaosTask[]
  /** Library to ship. */
  readonly libraries: readonly string[]
  /** Folder of logs: a file per task, a line per run. */
  readonly runs: string
}

/** What the user of the framework observed. */
export interface ChaosRecord {
  readonly launches: Map<string, number>
  readonly ends: Map<string, TaskEnded[]>
  /** The last fact of each task. */
  readonly last: Map<string, string>
  /** The result of its `run`; absent if it rejected. */
  readonly results: Map<string, Json | undefined>
  /** The error of its `run`; absent if it resolved. */
  readonly errors: Map<string, string>
}

export async function prepareJob(folder: string): Promise<ChaosJob> {
  const runs = join(folder, 'runs')
  const library = join(folder, 'library.mjs')
  await mkdir(runs)
  await writeFile(
    library,
    `import { appendFileSync } from 'node:fs'
export const add = (id, one, other) => { appendFileSync('${runs}/' + id, 'run\\n'); return one + other }
`,
  )
  const shell = (id: string, command: string, rest: Partial<ChaosTask> = {}): ChaosTask => ({
    id,
    work: { kind: 'shell', command: `echo run >> ${runs}/${id}; ${command}` },
    outcome: 'finished',
    ...rest,
  })
  const js = (id: string): ChaosTask => ({
    id,
    work: { kind: 'js', module: 'library.mjs', export: 'add', args: [id, 20, 22] },
    outcome: 'finished',
    result: 42,
  })
  const endless = 'exec sleep 1000'
  const secondTime = `test $(wc -l < ${runs}/retried) -ge 2`
  return {
    runs,
    libraries: [library],
    tasks: [
      ...['quick-1', 'quick-2', 'quick-3'].map((id) => shell(id, 'true')),
      ...['js-1', 'js-2'].map(js),
      shell('bad', 'exit 3', { outcome: 'failed' }),
      shell('retried', secondTime, { retry: { maxAttempts: 2 } }),
      shell('killed', endless, { outcome: 'killed', killOn: 'task.updated' }),
      shell('killed-early', endless, { outcome: 'killed', killOn: 'task.launched' }),
    ],
  }
}

/** Records facts of the framework from now on. */
export function record(framework: Framework): ChaosRecord {
  const launches = new Map<string, number>()
  const ends = new Map<string, TaskEnded[]>()
  const last = new Map<string, string>()
  const results = new Map<string, Json | undefined>()
  const errors = new Map<string, string>()
  framework.on('task.launched', ({ taskId, attempt }) => {
    launches.set(taskId, (launches.get(taskId) ?? 0) + 1)
    last.set(taskId, `launched, attempt ${attempt}`)
  })
  framework.on('task.updated', ({ taskId, state = '' }) => last.set(taskId, state))
  framework.on('task.retried', ({ taskId, state = '' }) => last.set(taskId, `${state}, retried`))
  framework.on('task.ended', (ended) => {
    ends.set(ended.taskId, [...(ends.get(ended.taskId) ?? []), ended])
  })
  return { launches, ends, last, results, errors }
}

/** Submits all tasks, kills some as planned, and resolves when each has a result or an error. */
export async function runTasks(
  framework: Framework,
  { tasks }: ChaosJob,
  { errors, results }: ChaosRecord,
): Promise<void> {
  for (const { id, killOn } of tasks) {
    if (killOn === undefined) continue
    framework.on(killOn, ({ taskId }) => {
      if (taskId === id) framework.kill(id)
    })
  }
  const runs = tasks.map(({ outcome: _outcome, killOn: _killOn, result: _result, ...task }) =>
    framework.run(task).then(
      (given) => results.set(task.id, given),
      (error: unknown) => errors.set(task.id, String(error)),
    ),
  )
  await Promise.all(runs)
}

/** Compares the observed outcome of each task with the expected one. */
export function findTold({ tasks }: ChaosJob, { ends, errors, results }: ChaosRecord): string[] {
  return tasks.flatMap(({ id, outcome, result }) => {
    const told = ends.get(id) ?? []
    const [end] = told
    const error = errors.get(id)
    if (end === undefined || told.length > 1) {
      return [`${id} was told to have ended ${told.length}× (${error ?? 'finished'})`]
    }
    if ((end.error === undefined) !== (error === undefined)) {
      return [`${id}: event and result differ: ${String(end.error)}, ${error ?? 'finished'}`]
    }
    if (error === undefined && results.get(id) !== result) {
      return [
        `${id} finished, and its result is ${JSON.stringify(results.get(id))}, not ${JSON.stringify(result)}`,
      ]
    }
    if (outcomeOf(end) === outcome) return []
    return isExplained(end) ? [] : [`${id} ended without a reason: ${JSON.stringify(end)}`]
  })
}

/** Finds unreported runs, and results of tasks that did not run. */
export async function findUncounted(
  { runs, tasks }: ChaosJob,
  { ends, launches }: ChaosRecord,
): Promise<string[]> {
  const checks = tasks.map(async ({ id, outcome }) => {
    const ran = await countRuns(runs, id)
    const launched = launches.get(id) ?? 0
    const end = ends.get(id)?.[0]
    if (ran > launched) return [`${id} ran ${ran}×, and was launched ${launched}×`]
    const isOutcome = end !== undefined && outcomeOf(end) === outcome && outcome !== 'killed'
    return isOutcome && ran === 0 ? [`${id} is ${outcome}, and did not run`] : []
  })
  return (await Promise.all(checks)).flat()
}

export async function countRuns(runs: string, id: string): Promise<number> {
  const text = await readFile(join(runs, id), 'utf8').catch(() => '')
  return text.split('\n').length - 1
}

export function outcomeOf({ error, report, state }: TaskEnded): ChaosTask['outcome'] | 'lost' {
  if (error === undefined) return 'finished'
  if (state === 'TASK_KILLED' || error.message.includes('before it was launched')) return 'killed'
  return report?.exitStatus === undefined ? 'lost' : 'failed'
}

/** A reason, of Mesos or ours, and a message. */
function isExplained({ error, status }: TaskEnded): boolean {
  const hasReason = status?.reason !== undefined || error?.code !== undefined
  return hasReason && (error?.message ?? '') !== ''
}
