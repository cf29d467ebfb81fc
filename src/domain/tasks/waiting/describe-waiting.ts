/** Why tasks wait, in words: needs with the executor's share, the best agent, and all obstacles. */
import { describeConstraints } from './describe-constraints.ts'
import type { ResourceRequest } from '../resource-request.ts'
import type { NearestAgent, Obstacle, UnmetConstraint, WaitingReason } from './waiting-reason.ts'

/**
 * `needs an offer of at least 2.1 cpus (0.1 for its executor); the best agent, east, has 2 cpus:
 * too few cpus; offers: 2 with too few cpus`. A verb without its subject.
 */
export function describeWaitingReason(reason: WaitingReason): string {
  const { need, executor = {}, constraints = {}, role, nearest, unmet = [] } = reason
  const total = addUp(need, executor)
  const where = describeConstraints(constraints)
  return [
    `needs an offer${role === undefined ? '' : ` of role ${role}`} of at least `,
    describeResources(total, total, executor),
    where === '' ? '' : ` where ${where}`,
    nearest === undefined ? '' : `; ${describeNearest(nearest, total)}`,
    ...unmet.map((one) => `; ${describeUnmet(one)}`),
    describeObstacles(reason),
  ].join('')
}

function describeNearest({ hostname, has, lacks }: NearestAgent, total: ResourceRequest): string {
  const faults = lacks.map((lack) => faultNames[lack]).join(', ')
  return `the best agent, ${hostname}, has ${describeResources(total, has)}: ${faults}`
}

function describeUnmet({ constraint, offers, hostname, value }: UnmetConstraint): string {
  const [field = ''] = constraint.split(' ')
  const has = value === undefined ? `no ${field}` : `${field} ${value}`
  const agents = count(offers, 'agent does', 'agents do')
  return `${agents} not meet "${constraint}" (${hostname} has ${has})`
}

function describeObstacles({ obstacles }: WaitingReason): string {
  const offers = Object.entries(obstacles).map(
    ([name, amount]) => `${amount} ${obstacleNames[name as Obstacle]}`,
  )
  return offers.length === 0 ? '' : `; offers: ${offers.join(', ')}`
}

const faultNames: Readonly<Record<Obstacle, string>> = {
  maintenance: 'maintenance is ahead',
  runtime: 'it gets a Node.js first',
  role: 'another role',
  constraints: 'it does not meet the constraints',
  limits: 'it has reached the limit of these tasks',
  cpus: 'too few cpus',
  memMb: 'too little memory',
  diskMb: 'too little disk',
  gpus: 'too few gpus',
  ports: 'not these ports',
  volumes: 'not these volumes',
}

const obstacleNames: Readonly<Record<Obstacle, string>> = {
  maintenance: 'from agents with maintenance ahead',
  runtime: 'from agents that get a Node.js first',
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
  const { cpus, memMb, diskMb, gpus, ports, volumes }: ResourceRequest = Object.fromEntries(
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
    Array.isArray(volumes) ? `volume ${volumes.join(', ')}` : [],
  ].flat()
  return parts.length === 0 ? 'nothing' : parts.join(', ')
}

function describePorts(ports: number | readonly number[]): string {
  return typeof ports === 'number' ? count(ports, 'port') : `port ${ports.join(', ')}`
}

function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount} ${amount === 1 ? one : many}`
}
