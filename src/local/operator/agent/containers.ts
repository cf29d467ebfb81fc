/**
 * The containers of an agent with their use of resources. Needs /proc; without it, only limits are
 * shown.
 * Source: apache/mesos src/slave/http.cpp (_containers);
 * src/slave/containerizer/mesos/isolators/posix.hpp.
 */
import { readFile } from 'node:fs/promises'
import { defined } from '../../../defined.ts'
import type {
  AgentResponseGetContainersContainer,
  ResourceStatistics,
} from '../../../mesos/types.generated.ts'
import type { AgentState } from '../../agent/agent-state.ts'
import type { ExecutorRun } from '../../executors/executor-run.ts'
import { listSession } from '../../executors/processes/process-tree.ts'
import { quantitiesOf } from '../../resources/quantities.ts'
import { nowSeconds } from '../../time/now.ts'
import { heldBy } from './model.ts'

export interface ContainerSelection {
  readonly frameworkId?: string | undefined
  readonly executorId?: string | undefined
  readonly containerId?: string | undefined
  readonly showNested?: boolean | undefined
}

export interface ListedContainer {
  readonly container: AgentResponseGetContainersContainer
  /** `ExecutorInfo.source`, shown only by the older page. */
  readonly source: string
}

/** Linux' clock ticks: 100 on every platform of Node. */
const ticksPerSecond = 100
const pageBytes = 4096
const bytesPerMb = 1024 * 1024

/** Lists containers of executors, then of tasks in groups if selected. */
export async function listContainers(
  { frameworks }: AgentState,
  select: ContainerSelection,
): Promise<ListedContainer[]> {
  const runs = [...frameworks.values()]
    .filter(({ id }) => isSelected(select.frameworkId, id))
    .flatMap(({ runs: ofFramework }) => [...ofFramework.values()])
    .filter(({ containerId, id, state }) => {
      const isChosen =
        isSelected(select.executorId, id) && isSelected(select.containerId, containerId)
      return isChosen && state !== 'TERMINATED'
    })
  const roots = await Promise.all(runs.map(describeRoot))
  const nested = select.showNested === true ? runs.map(describeNested) : []
  return [...roots, ...(await Promise.all(nested)).flat()]
}

async function describeRoot(run: ExecutorRun): Promise<ListedContainer> {
  const containerId = { value: run.containerId }
  const pid = run.container?.pid
  const container: AgentResponseGetContainersContainer = {
    frameworkId: { value: run.frameworkId },
    executorId: { value: run.id },
    executorName: run.info.name ?? '',
    containerId,
    containerStatus: { containerId, ...defined({ executorPid: pid }) },
    resourceStatistics: { ...(await measure(pid)), ...limitsOf(run) },
  }
  return { container, source: run.info.source ?? '' }
}

function describeNested(run: ExecutorRun): Promise<ListedContainer[]> {
  return Promise.all(
    [...run.taskContainers.values()].map(async ({ id, pid }) => {
      const containerId = { value: id, parent: { value: run.containerId } }
      const container = {
        containerId,
        containerStatus: { containerId, ...defined({ executorPid: pid }) },
        resourceStatistics: await measure(pid),
      }
      return { container, source: '' }
    }),
  )
}

function limitsOf(run: ExecutorRun): Partial<ResourceStatistics> {
  const held = quantitiesOf(heldBy(run))
  const amountOf = (name: string): number =>
    held.find((each) => each.name === name)?.scalar?.value ?? 0
  const memBytes = Math.round(amountOf('mem') * bytesPerMb)
  return { cpusSoftLimit: amountOf('cpus'), memLimitBytes: memBytes, memSoftLimitBytes: memBytes }
}

/** Sums the use of the processes in the container's session. */
async function measure(pid: number | undefined): Promise<ResourceStatistics> {
  const timestamp = nowSeconds()
  if (pid === undefined) return { timestamp }
  const stats = await Promise.all((await listSession(pid)).map(readStat))
  const sum = (index: number): number =>
    stats.reduce((total, fields) => total + Number(fields[index] ?? 0), 0)
  return {
    timestamp,
    cpusUserTimeSecs: sum(utimeField) / ticksPerSecond,
    cpusSystemTimeSecs: sum(stimeField) / ticksPerSecond,
    memRssBytes: sum(rssField) * pageBytes,
  }
}

/** Indexes in /proc/PID/stat after the command's name, see proc(5). */
const utimeField = 11
const stimeField = 12
const rssField = 21

async function readStat(pid: number): Promise<string[]> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function isSelected(asked: string | undefined, value: string): boolean {
  return asked === undefined || asked === value
}
