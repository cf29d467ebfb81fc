/**
 * The pages of the master for GET.
 * Source: apache/mesos docs/endpoints; src/master/readonly_handler.cpp.
 */
import type { Task } from '../../../mesos/types.generated.ts'
import { methodNotAllowed } from '../../http/http.ts'
import type { Answer } from '../../http/http.ts'
import type { Master } from '../../master/master.ts'
import { isOfRole, offersByHolder, usedBy } from '../../master/model/holdings.ts'
import { isActive } from '../../master/state/master-state.ts'
import type { MasterState } from '../../master/state/master-state.ts'
import { rolesOf } from '../../messages/framework-info.ts'
import { versionInfo } from '../../messages/version.ts'
import { quantitiesOf } from '../../resources/quantities.ts'
import { jsonAgent, jsonQuantities, jsonTask } from '../json-model.ts'
import { isSelected, viewAnswer } from '../view-request.ts'
import type { ViewRequest } from '../view-request.ts'
import { masterFlags } from './flags.ts'
import { measureMaster } from './metrics.ts'
import { agentWriter, describeAgents, describeFrameworks, resourcesOf } from './state-json.ts'
import { allTasks, describeSummary } from './summary.ts'

type Json = Record<string, unknown>

/** The answer to a request for a page; 404 for an unknown page. */
export function answerMasterView(master: Master, request: ViewRequest): Answer {
  const { method, path, query } = request
  if (path === '/health') return { status: 200 }
  const page = pages[path]
  if (page === undefined) return { status: 404 }
  if (method !== 'GET' && method !== 'HEAD') return methodNotAllowed(method, 'GET')
  return viewAnswer(query, page(master, query))
}

const pages: Readonly<Record<string, (master: Master, query: URLSearchParams) => unknown>> = {
  '/version': ({ info }) => versionOf(info),
  '/flags': (master) => ({ flags: masterFlags(master) }),
  '/metrics/snapshot': measureMaster,
  '/state': describeState,
  '/state-summary': describeSummary,
  '/slaves': ({ state }, query) => describeAgents(state, query),
  '/frameworks': ({ state }, query) => describeFrameworks(state, query),
  '/tasks': ({ state }, query) => describeTasks(state, query),
  '/roles': ({ state }) => ({ roles: describeRoles(state) }),
}

function versionOf({ version = versionInfo.version }: Master['info']) {
  return { ...versionInfo, version }
}

function describeState(master: Master): Json {
  const { info, startedAt, state } = master
  const frameworks = describeFrameworks(state, new URLSearchParams())
  const agents = [...state.agents.values()]
  return {
    ...versionOf(info),
    start_time: startedAt,
    elected_time: startedAt,
    id: info.id,
    pid: info.pid,
    hostname: info.hostname,
    capabilities: (info.capabilities ?? []).map(({ type }) => type),
    activated_slaves: agents.filter(isActive).length,
    deactivated_slaves: agents.filter((agent) => !isActive(agent)).length,
    unreachable_slaves: state.registrar.unreachable.size,
    leader: info.pid,
    leader_info: { id: info.id, pid: info.pid, port: info.port, hostname: info.hostname },
    flags: masterFlags(master),
    slaves: agents.map(agentWriter(state)),
    recovered_slaves: [...state.recoveredAgents.values()].map(jsonAgent),
    frameworks: frameworks['frameworks'],
    completed_frameworks: frameworks['completed_frameworks'],
    orphan_tasks: [],
    unregistered_frameworks: [],
  }
}

const defaultTaskLimit = 100

/**
 * Lists tasks, newest first unless `order=asc`. Parameters: `limit` (100), `offset` (0),
 * `framework_id`, `task_id`.
 */
function describeTasks({ completedFrameworks, frameworks }: MasterState, query: URLSearchParams) {
  const tasks = [...frameworks.values(), ...completedFrameworks]
    .filter(({ id }) => isSelected(query, 'framework_id', id))
    .flatMap((framework) => allTasks(framework))
    .filter(({ taskId }) => isSelected(query, 'task_id', taskId.value))
  const limit = numberOf(query.get('limit')) ?? defaultTaskLimit
  const offset = numberOf(query.get('offset')) ?? 0
  const sorted = tasks.toSorted((a, b) => beganAt(b) - beganAt(a))
  if (query.get('order') === 'asc') sorted.reverse()
  return { tasks: sorted.slice(offset, offset + limit).map(jsonTask) }
}

/** A task without a status counts as the oldest. */
function beganAt({ statuses }: Task): number {
  return statuses?.[0]?.timestamp ?? 0
}

function numberOf(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/u.test(text) ? Number(text) : undefined
}

function describeRoles(state: MasterState): Json[] {
  const { ofFramework } = offersByHolder(state)
  const frameworks = [...state.frameworks.values()]
  const names = [...new Set(frameworks.flatMap(({ info }) => rolesOf(info)))].sort()
  return names.map((name) => {
    const members = frameworks.filter(({ info }) => rolesOf(info).includes(name))
    const used = members.flatMap(usedBy).filter((each) => isOfRole(each, name))
    const offered = members
      .flatMap(({ id }) => resourcesOf(ofFramework.get(id)))
      .filter((each) => isOfRole(each, name))
    const allocated = jsonQuantities(quantitiesOf(used))
    return {
      name,
      weight: 1,
      quota: { role: name, guarantee: {}, limit: {}, consumed: allocated },
      resources: jsonQuantities(quantitiesOf([...used, ...offered])),
      allocated,
      offered: jsonQuantities(quantitiesOf(offered)),
      reserved: {},
      frameworks: members.map(({ id }) => id),
    }
  })
}
