/** Events and effects of the scheduler and the executor in a few words. */
import { isRecord } from './json.ts'

/** Fields to show, the most important first. */
const shownFields =
  'taskId,state,frameworkId,agentId,setId,name,call,outcome,code,signal,url,event,attempt'
const maxIds = 3

/** `mesos.update t1 TASK_RUNNING`. */
export function eventSummary(event: object & { readonly type: string }): string {
  return [event.type, ...wordsOf(event)].join(' ')
}

/** `fx.call ACCEPT o1 t1`; other effects like events. */
export function effectSummary({
  type,
  params,
}: {
  readonly type: string
  readonly params: unknown
}): string {
  if (type === 'fx.call') return ['fx.call', ...callWords(params)].join(' ')
  return [type, ...wordsOf(params)].join(' ')
}

function callWords(call: unknown): readonly string[] {
  if (!isRecord(call) || typeof call['type'] !== 'string') return []
  const body = call[call['type'].toLowerCase()]
  if (!isRecord(body)) return [call['type']]
  const { offerIds, operations, tasks } = body
  return [
    call['type'],
    ...idsOf(offerIds),
    ...idsOf(listOf(operations).flatMap(launchedBy)),
    ...idsOf(listOf(tasks).map((task) => (isRecord(task) ? task['taskId'] : undefined))),
    ...wordsOf(body),
  ]
}

function launchedBy(operation: unknown): readonly unknown[] {
  const launch = isRecord(operation) ? operation['launch'] : undefined
  const tasks = isRecord(launch) ? listOf(launch['taskInfos']) : []
  return tasks.map((task) => (isRecord(task) ? task['taskId'] : undefined))
}

function wordsOf(value: unknown): readonly string[] {
  if (!isRecord(value)) return []
  const { requests, offers, status, update, task, library, call } = value
  return [
    ...idsOf(listOf(requests).map((request) => (isRecord(request) ? request['id'] : undefined))),
    ...(offers === undefined ? [] : [offersText(listOf(offers).length)]),
    ...[status, update, task, library].flatMap(wordsOf),
    ...(isRecord(call) ? callWords(call) : []),
    ...shownFields.split(',').flatMap((name) => textOf(value[name]) ?? []),
  ]
}

function offersText(count: number): string {
  return count === 1 ? '1 offer' : `${count} offers`
}

/** The first few of a list of ids. */
function idsOf(ids: unknown): readonly string[] {
  const texts = listOf(ids).flatMap((id) => textOf(id) ?? [])
  if (texts.length <= maxIds) return texts.length === 0 ? [] : [texts.join(',')]
  return [`${texts.slice(0, maxIds).join(',')} and ${texts.length - maxIds} more`]
}

/** A text, a number, or a Mesos id without the part of its master; else undefined. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value.replace(/^[0-9a-f-]{36}-/, '…')
  if (typeof value === 'number') return String(value)
  return isRecord(value) && typeof value['value'] === 'string' ? textOf(value['value']) : undefined
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
