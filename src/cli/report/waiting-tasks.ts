/** What waiting tasks need and what the offers lack. */
import type { ResourceRequest } from '../../domain/tasks/resource-request.ts'
import type { TaskConstraints } from '../../domain/tasks/task-constraints.ts'
import { count } from '../output/printable.ts'
import type { EventPayload } from './reported-event.ts'

type WaitingTasks = EventPayload<'task.waiting'>

/** `1 task waits for an offer of at least 2 cpus; offers: 1 with too few cpus; …`. */
export function describeWaiting(event: WaitingTasks): string {
  const { count: waiting, taskIds, need, executor = {}, constraints, role, nearest } = event
  // Other tasks may need less, or other resources.
  const who =
    waiting === 1 ? '1 task waits for' : `${waiting} tasks wait; the first, ${taskIds[0]}, needs`
  const ofRole = role === undefined ? '' : ` of role ${role}`
  const total = addUp(need, executor)
  const resources = describeResources(total, total, executor)
  const where = constraints === undefined ? '' : describeConstraints(constraints)
  const near = nearest === undefined ? '' : `; the nearest has ${describeResources(total, nearest)}`
  return `${who} an offer${ofRole} of at least ${resources}${where}${describeObstacles(event)}${near}`
}

function describeObstacles({ obstacles }: WaitingTasks): string {
  const offers = Object.entries(obstacles).map(([name, amount]) => {
    return `${amount} ${obstacleNames[name as keyof typeof obstacles]}`
  })
  return offers.length === 0 ? '' : `; offers: ${offers.join(', ')}`
}

const obstacleNames: Readonly<Record<keyof WaitingTasks['obstacles'], string>> = {
  maintenance: 'from agents with maintenance ahead',
  role: 'of another role',
  constraints: 'from agents that do not meet the constraints',
  limits: 'from agents that have reached the limit of these tasks',
  cpus: 'with too few cpus',
  memMb: 'with too little memory',
  diskMb: 'with too little disk',
  gpus: 'with too few gpus',
  ports: 'without these ports',
  volumes: 'without these volumes',
}

/** Sums the needs as Mesos does: three decimals. */
function addUp(need: ResourceRequest, executor: ResourceRequest): ResourceRequest {
  const total: Record<string, unknown> = { ...need }
  for (const [name, amount] of Object.entries(executor)) {
    if (typeof amount !== 'number') continue
    total[name] = Math.round((Number(total[name] ?? 0) + amount) * 1000) / 1000
  }
  return total
}

/** Formats the amounts of the resources in `named`; `executor` is the executor's part of them. */
function describeResources(
  named: ResourceRequest,
  amounts = named,
  executor: ResourceRequest = {},
): string {
  const names = Object.keys(named) as (keyof ResourceRequest)[]
  const { cpus, memMb, diskMb, gpus, ports }: ResourceRequest = Object.fromEntries(
    names.map((name) => [name, amounts[name] ?? 0]),
  )
  const share = (amount: number | undefined): string =>
    amount === undefined ? '' : ` (${amount} for its executor)`
  const parts = [
    cpus === undefined ? [] : count(cpus, 'cpu') + share(executor.cpus),
    memMb === undefined ? [] : `${memMb} MB of memory${share(executor.memMb)}`,
    diskMb === undefined ? [] : `${diskMb} MB of disk${share(executor.diskMb)}`,
    gpus === undefined ? [] : count(gpus, 'gpu') + share(executor.gpus),
    ports === undefined ? [] : describePorts(ports),
  ].flat()
  return parts.length === 0 ? 'nothing' : parts.join(', ')
}

function describePorts(ports: number | readonly number[]): string {
  return typeof ports === 'number' ? count(ports, 'port') : `port ${ports.join(', ')}`
}

/** ` where rack unique and hostname is h`. */
function describeConstraints({ hostname, attributes = {}, rules = [] }: TaskConstraints): string {
  const parts = [
    ...(hostname === undefined ? [] : [`hostname is ${hostname}`]),
    ...Object.entries(attributes).map(([name, text]) => `${name} is ${text}`),
    ...rules.map(({ field, operator, ...more }) =>
      [field, operator, ...Object.values(more).flat()].join(' '),
    ),
  ]
  return parts.length === 0 ? '' : ` where ${parts.join(' and ')}`
}
