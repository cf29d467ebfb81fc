/** A framework as its master knows it: of any program, without its process. */
import { createMasterViews } from '../../client/agents/master-views.ts'
import type { FrameworkSummary, MasterTask, MasterViews } from '../../client/agents/master-views.ts'
import { defined } from '../../defined.ts'
import { parseLaunchId } from '../../domain/tasks/task-request.ts'
import { configInvalid } from '../../errors.ts'
import type { JarcastError } from '../../errors.ts'
import type { ClusterAccess, TaskView } from '../../framework/control/run-views.ts'
import type { TaskPlace } from '../../framework/sandbox/task-place.ts'
import { isTerminal } from '../../mesos/states.ts'
import type { TaskState } from '../../mesos/types.generated.ts'
import { printable } from '../output/printable.ts'
import type { KnownRun } from './known-run.ts'

/**
 * The framework of this name or id; without, the only one that is registered. Rejects with
 * CONFIG_INVALID if there is none or there are several, and with the errors of `createMasterViews`.
 */
export async function openMasterRun(
  masters: string,
  access: ClusterAccess,
  wanted: string | undefined,
): Promise<KnownRun> {
  const views = createMasterViews(masters, access)
  try {
    const { id } = await findFramework(views, wanted)
    return runOf(views, access, id)
  } catch (error) {
    views.close()
    throw error
  }
}

interface MasterTaskView extends TaskView {
  readonly place: TaskPlace
}

function runOf(views: MasterViews, access: ClusterAccess, frameworkId: string): KnownRun {
  const again = async (): Promise<FrameworkSummary> => await findFramework(views, frameworkId)

  let last: MasterTaskView | undefined

  /** The attempt that is known already. */
  async function attemptNow({
    hostname,
    place,
  }: MasterTaskView): Promise<MasterTaskView | undefined> {
    const found = await views.tasks(frameworkId, place.launchId)
    const task = found.find(({ id }) => id === place.launchId)
    return task && viewOf(task, frameworkId, hostname)
  }

  async function tasks(): Promise<readonly MasterTaskView[]> {
    const [found, hosts] = await Promise.all([views.tasks(frameworkId), views.hosts()])
    const latest = new Map<string, MasterTaskView>()
    for (const task of found) {
      const view = viewOf(task, frameworkId, hosts.get(task.agentId))
      if (view.attempt >= (latest.get(view.id)?.attempt ?? 0)) latest.set(view.id, view)
    }
    return [...latest.values()].toSorted((one, other) => Number(one.isOver) - Number(other.isOver))
  }

  return {
    async status() {
      const { name, isActive, isOver, tasks: counts } = await again()
      return {
        name,
        frameworkId,
        life: isOver ? 'stopped' : isActive ? 'running' : 'gone',
        isRegistered: isActive,
        // Without the slash of an empty path, as in journals.
        master: (await views.url()).replace(/\/$/, ''),
        asOf: Date.now(),
        tasks: counts,
      }
    },
    tasks: () => tasks(),
    async task(taskId) {
      // "logs -f" asks often: while an attempt has not ended, for that one alone.
      if (last?.id === taskId && !last.isOver) last = await attemptNow(last)
      if (last?.id !== taskId || last.isOver) last = (await tasks()).find(({ id }) => id === taskId)
      return last
    },
    access: async () => ({ ...access, master: await views.url() }),
    kill: () => Promise.reject(cannotKill()),
    async stop(how) {
      if (how !== 'stop') throw configInvalid(how, `--${how} needs the process of the run`)
      await views.teardown(frameworkId)
    },
    hold: () => undefined,
    close: () => views.close(),
  }
}

async function findFramework(
  views: MasterViews,
  wanted: string | undefined,
): Promise<FrameworkSummary> {
  const registered = await views.frameworks(false)
  if (wanted === undefined) {
    const [only] = registered
    if (only !== undefined && registered.length === 1) return only
    throw configInvalid('framework', `which framework? Give --framework: ${namesOf(registered)}`)
  }
  const isWanted = ({ id, name }: FrameworkSummary): boolean => id === wanted || name === wanted
  let found = registered.filter(isWanted)
  if (found.length === 0) found = (await views.frameworks(true)).filter(isWanted).slice(-1)
  const [first] = found
  if (first === undefined) {
    const message = `the master knows no framework ${wanted}; registered are ${namesOf(registered)}`
    throw configInvalid('framework', message)
  }
  if (found.length === 1) return first
  const ids = found.map(({ id }) => id).join(', ')
  throw configInvalid('framework', `several frameworks are named ${wanted}; give an id: ${ids}`)
}

function namesOf(frameworks: readonly FrameworkSummary[]): string {
  const names = frameworks.slice(0, 20).map(({ id, name }) => `${name} (${id})`)
  return names.length === 0 ? 'none' : printable(names.join(', '))
}

function viewOf(task: MasterTask, frameworkId: string, hostname?: string): MasterTaskView {
  const { id: launchId, name, state, agentId, executorId, statuses } = task
  const { id, attempt } = parseLaunchId(launchId)
  const isOver = isTerminal(state as TaskState)
  const isFailure = isOver && state !== 'TASK_FINISHED'
  return {
    id,
    ...defined({ name: name === id ? undefined : name, hostname }),
    state,
    isOver,
    isFailure,
    attempt,
    place: { frameworkId, agentId, executorId, launchId, isOver },
    ...defined({
      startedAt: statuses.find((status) => status.state === 'TASK_RUNNING')?.atMs,
      endedAt: isOver ? statuses.at(-1)?.atMs : undefined,
    }),
  }
}

function cannotKill(): JarcastError {
  const message =
    'Mesos lets no operator kill a single task: give --journal DIR or --control PATH of its run, on the host of that run; "jarcast stop" ends the whole framework'
  return configInvalid('master', message)
}
