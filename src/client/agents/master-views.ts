/**
 * What the leading master tells operators of frameworks and their tasks.
 * Source: apache/mesos docs/endpoints/master/{state-summary,frameworks,tasks,slaves}.md;
 * docs/operator-http-api.md, "TEARDOWN".
 */
import { JarcastError } from '../../errors.ts'
import { masterResponseCodec } from '../../mesos/codec.ts'
import { isRecord, recordsOf } from './json-records.ts'
import type { JsonRecord } from './json-records.ts'
import { createLeaderClient } from './leader-client.ts'
import { refusalOf } from './operator-request.ts'
import type { OperatorAccess, OperatorAnswer } from './operator-request.ts'

export interface FrameworkSummary {
  readonly id: string
  readonly name: string
  /** False while its scheduler is away. */
  readonly isActive: boolean
  readonly isOver: boolean
  /** Number of tasks by Mesos' state, those that the master still knows. */
  readonly tasks: Readonly<Record<string, number>>
}

export interface MasterTask {
  /** The id for Mesos. */
  readonly id: string
  readonly name: string
  readonly state: string
  readonly agentId: string
  readonly executorId: string
  readonly statuses: readonly { readonly state: string; readonly atMs: number }[]
}

export interface MasterViews {
  /** URL of the leading master. */
  url(): Promise<string>
  /** Those that are registered; with `isAll`, those that ended too, as far as the master knows. */
  frameworks(isAll: boolean): Promise<readonly FrameworkSummary[]>
  /** All tasks of a framework that the master knows, or the one with this id for Mesos. */
  tasks(frameworkId: string, launchId?: string): Promise<readonly MasterTask[]>
  /** The answer to `/slaves`: agents with their resources. */
  agents(): Promise<unknown>
  /** Host names of agents, by id. */
  hosts(): Promise<ReadonlyMap<string, string>>
  /** Ends a framework and all its tasks. */
  teardown(frameworkId: string): Promise<void>
  close(): void
}

const pageLength = 1000
/** Further tasks are left out: a server that repeats its answer has no end. */
const maxTasks = 1_000_000

const codec = masterResponseCodec('application/x-protobuf')

/**
 * Masters as in `masterServers`, whose CONFIG_INVALID it throws. Requests reject with
 * MASTER_UNREACHABLE (retryable), REDIRECT_INVALID, NOT_PERMITTED, CREDENTIALS_REJECTED,
 * CALL_REJECTED.
 */
export function createMasterViews(
  masters: string | readonly string[],
  access: OperatorAccess,
): MasterViews {
  const client = createLeaderClient(masters, access)

  async function send(path: string, body?: Uint8Array): Promise<OperatorAnswer> {
    const answer = await client.send(path, body)
    if (answer.status >= 300) throw refusalOf(answer.url, answer)
    return answer
  }

  async function json(path: string): Promise<JsonRecord> {
    const { body } = await send(path)
    try {
      const answer: unknown = JSON.parse(body.toString('utf8'))
      if (isRecord(answer)) return answer
      throw new TypeError('no object')
    } catch (cause) {
      const message = 'the master does not answer with JSON; is it the port of a master?'
      throw new JarcastError('MASTER_UNREACHABLE', message, { cause })
    }
  }

  return {
    async url() {
      // Other masters redirect this question, and not all of those that are cheaper.
      if (client.leader === undefined) await send('/slaves?slave_id=none')
      return client.leader?.href ?? ''
    },
    async frameworks(isAll) {
      if (!isAll) return recordsOf((await json('/state-summary'))['frameworks']).map(summaryOf)
      const all = await json('/frameworks')
      return [
        ...recordsOf(all['frameworks']).map(withTasks),
        ...recordsOf(all['completed_frameworks']).map((each) => ({
          ...withTasks(each),
          isOver: true,
        })),
      ]
    },
    async tasks(frameworkId, launchId) {
      const found: MasterTask[] = []
      for (let offset = 0; offset < maxTasks; offset += pageLength) {
        const query = new URLSearchParams({
          framework_id: frameworkId,
          ...(launchId !== undefined && { task_id: launchId }),
          limit: String(pageLength),
          offset: String(offset),
        })
        const page = recordsOf((await json(`/tasks?${query.toString()}`))['tasks'])
        found.push(...page.map(taskOf))
        if (page.length < pageLength) break
      }
      return found
    },
    async hosts() {
      const { slaves } = await json('/state-summary')
      return new Map(recordsOf(slaves).map(({ id, hostname }) => [String(id), String(hostname)]))
    },
    async teardown(frameworkId) {
      const teardown = { frameworkId: { value: frameworkId } }
      await send('/api/v1', codec.encodeCall({ type: 'TEARDOWN', teardown }))
    },
    agents: () => json('/slaves'),
    close: () => client.close(),
  }
}

function summaryOf(framework: JsonRecord): FrameworkSummary {
  const counts = Object.entries(framework).filter(
    ([name, value]) => name.startsWith('TASK_') && typeof value === 'number' && value > 0,
  ) as [string, number][]
  const { id, name, active } = framework
  const tasks = Object.fromEntries(counts)
  return { id: String(id), name: String(name), isActive: active === true, isOver: false, tasks }
}

function withTasks(framework: JsonRecord): FrameworkSummary {
  const tasks: Record<string, number> = {}
  for (const list of ['tasks', 'unreachable_tasks', 'completed_tasks'])
    for (const { state } of recordsOf(framework[list]))
      tasks[String(state)] = (tasks[String(state)] ?? 0) + 1
  return { ...summaryOf(framework), tasks }
}

function taskOf(task: JsonRecord): MasterTask {
  return {
    id: String(task['id']),
    name: String(task['name']),
    state: String(task['state']),
    agentId: String(task['slave_id']),
    // Empty for a plain command: Mesos gives it an executor of the same id.
    executorId: String(task['executor_id'] === '' ? task['id'] : task['executor_id']),
    statuses: recordsOf(task['statuses']).map(({ state, timestamp }) => ({
      state: String(state),
      atMs: Number(timestamp) * 1000,
    })),
  }
}
