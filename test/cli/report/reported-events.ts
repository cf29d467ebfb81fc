/** Events of a small run, as a framework would emit them. */
import type { ReportedEvent } from '../../../src/cli/report/record/reported-event.ts'
import { JarcastError } from '../../../src/errors.ts'

const agentId = '0f-1a-S1'

export const failure = new JarcastError('CLASS_NOT_FOUND', 'task load TASK_FAILED: no class a.B', {
  details: { taskId: 'load', state: 'TASK_FAILED', message: 'no class a.B' },
})

export const launched: ReportedEvent = {
  event: 'task.launched',
  at: 1000,
  payload: { taskId: 'sum', attempt: 1, agentId, hostname: 'east', at: 1000 },
}

export const finished = {
  event: 'task.ended',
  at: 2500,
  payload: {
    taskId: 'sum',
    attempt: 1,
    hostname: 'east',
    state: 'TASK_FINISHED',
    status: { taskId: { value: 'sum' }, state: 'TASK_FINISHED', data: 'e30=' },
    report: { version: 1, result: { total: 6 } },
    at: 2500,
  },
} as const satisfies ReportedEvent

export const failed: ReportedEvent = {
  event: 'task.ended',
  at: 2600,
  payload: {
    taskId: 'load',
    attempt: 1,
    state: 'TASK_FAILED',
    report: { version: 1, logTail: 'first\n\u001b[31mlast\u0007 words\n' },
    error: failure,
    at: 2600,
  },
}

export const fetched: ReportedEvent = {
  event: 'library.fetched',
  at: 1200,
  payload: {
    name: 'a.jar',
    sha256: 'a'.repeat(64),
    sizeBytes: 1500,
    source: 'cache',
    durationMs: 12,
    agentId,
  },
}

export const served: ReportedEvent = {
  event: 'jarServer.stopped',
  at: 2700,
  payload: { requests: 3, bytesServed: 15_200_000 },
}
