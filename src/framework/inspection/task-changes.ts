/** The states that an entry gave to tasks, for the view of tasks over time. */
import { defined } from '../../defined.ts'
import type { Lens, LensStep } from '../../inspector/protocol/lens.ts'
import type { SchedulerFact, SchedulerInboxEvent } from '../../machines/scheduler/events.ts'

type Changes = ReturnType<NonNullable<Lens['taskChanges']>>

export function taskChanges({ event, facts }: LensStep): Changes {
  return [
    ...submitted(event as SchedulerInboxEvent | undefined),
    ...(facts as readonly SchedulerFact[]).flatMap(changesOf),
  ]
}

function submitted(event: SchedulerInboxEvent | undefined): Changes {
  if (event?.type !== 'task.submit') return []
  return event.requests.map(({ id, name }) => {
    return { id, ...defined({ name }), state: 'waiting', isEnd: false }
  })
}

function changesOf(fact: SchedulerFact): Changes {
  switch (fact.type) {
    case 'task.launched':
      return [{ id: fact.taskId, host: fact.hostname, state: 'launched', isEnd: false }]
    case 'task.updated':
    case 'task.ended': {
      const state = fact.status?.state ?? fact.code ?? 'ended'
      const host = defined({ host: fact.hostname })
      return [{ id: fact.taskId, ...host, state, isEnd: fact.type === 'task.ended' }]
    }
    case 'task.retried':
      return [{ id: fact.taskId, state: 'waiting', isEnd: false }]
    case 'task.rejected':
      return [{ id: fact.taskId, state: fact.code, isEnd: true }]
    default:
      return []
  }
}
