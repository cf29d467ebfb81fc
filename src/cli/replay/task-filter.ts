/** Finds the entries of one task: `--task`. */
import { configInvalid } from '../../errors.ts'
import type { AnyStep } from '../journal/verify-journal.ts'

export interface TaskFilter {
  /** True if the event of a step, its effects or its facts name the task. */
  isAbout(step: AnyStep): boolean
  /** Throws CONFIG_INVALID if no step named it, with the tasks that steps did name. */
  assertFound(): void
}

const maxShown = 20

/** Each attempt counts: `id` and, from the second one on, `id~2`. */
export function createTaskFilter(taskId: string): TaskFilter {
  const named = new Set<string>()
  let isFound = false
  return {
    isAbout({ entry, effects, facts }) {
      const ids = new Set<string>()
      for (const part of [entry?.event, facts, ...effects.map(({ params }) => params)])
        collectIds(part, false, ids)
      for (const id of ids) if (named.size <= maxShown) named.add(id)
      isFound ||= ids.has(taskId)
      return ids.has(taskId)
    },
    assertFound() {
      if (isFound) return
      const shown = [...named].slice(0, maxShown).join(', ')
      const more = named.size > maxShown ? ', and more' : ''
      const known = shown === '' ? 'they name no task' : `they name ${shown}${more}`
      const message = `--task ${taskId}: no entry shown is about a task of that name; ${known}`
      throw configInvalid('task', message)
    },
  }
}

/** Members that hold ids of tasks, alone, in lists, or as Mesos' `{ value }`. */
const idMember = /^(?:taskId|taskIds|launchId|launchIds)$/

function collectIds(value: unknown, isId: boolean, into: Set<string>): void {
  if (typeof value === 'string') {
    if (isId) into.add(value.replace(/~\d+$/, ''))
    return
  }
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const item of value) collectIds(item, isId, into)
    return
  }
  for (const [name, member] of Object.entries(value)) {
    if (name === 'requests') collectRequests(member, into)
    const isIdBelow = idMember.test(name) || (isId && name === 'value')
    collectIds(member, isIdBelow, into)
  }
}

/** Of `task.submit`. */
function collectRequests(requests: unknown, into: Set<string>): void {
  for (const request of Array.isArray(requests) ? (requests as readonly unknown[]) : []) {
    const id = (request as { readonly id?: unknown } | null)?.id
    if (typeof id === 'string') into.add(id)
  }
}
