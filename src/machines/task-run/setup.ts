/** Context, actions, guards and delays of the task run machine. */
import { assign, cancel, enqueueActions, setup } from 'xstate'
import type { HostKill, HostStart, ProbesStart, TaskRunEvent, TaskRunInput } from './events.ts'
import { failedOutcome } from './run-report.ts'
import type { RunFacts, RunReport } from './run-report.ts'

export interface TaskRunContext extends TaskRunInput, RunFacts {}

export const taskRunSetup = setup({
  types: {} as { context: TaskRunContext; events: TaskRunEvent; input: TaskRunInput },
  actions: {
    'fx.report': (_args, _params: RunReport) => undefined,
    'fx.startHost': (_args, _params: HostStart) => undefined,
    'fx.killHost': (_args, _params: HostKill) => undefined,
    'fx.startProbes': (_args, _params: ProbesStart) => undefined,
    'fx.stopProbes': (_args, _params: { taskId: string }) => undefined,
    keepInstalled: assign({
      installed: ({ context, event }) =>
        event.type === 'libraries.ready' && context.setIds.includes(event.installed.setId)
          ? [...context.installed, event.installed]
          : context.installed,
    }),
    keepFailure: assign({
      outcome: ({ context, event }) =>
        event.type === 'libraries.failed'
          ? failedOutcome(event.code, event.message)
          : context.outcome,
    }),
    keepOutcome: assign({
      outcome: ({ context, event }) =>
        event.type === 'host.exited' ? event.outcome : context.outcome,
    }),
    keepHealth: assign({
      healthy: ({ context, event }) =>
        event.type === 'health.checked' ? event.healthy : context.healthy,
    }),
    keepCheck: assign({
      checkStatus: ({ context, event }) =>
        event.type === 'check.changed' ? event.status : context.checkStatus,
    }),
    limitTime: enqueueActions(({ context, enqueue }) => {
      const { maxCompletionMs: delay } = context
      if (delay === undefined) return
      enqueue.raise({ type: 'completion.overdue' }, { id: 'overdue', delay })
    }),
    unlimitTime: cancel('overdue'),
  },
  guards: {
    hasLibraries: ({ context }) =>
      context.setIds.every((id) => context.installed.some(({ setId }) => setId === id)),
    needsSet: ({ context, event }) =>
      event.type === 'libraries.failed' && context.setIds.includes(event.setId),
    hasSucceeded: ({ event }) => event.type === 'host.exited' && event.outcome.ok,
    hasProbes: ({ context }) => context.healthCheck !== undefined || context.check !== undefined,
    isLastFailure: ({ event }) => event.type === 'health.checked' && event.isLast,
  },
  delays: {
    // Each update is a round trip from the executor to the scheduler: a short task needs only one.
    reportDelay: 200,
    // An overdue task gets no grace, as with Mesos' own executors.
    killGrace: ({ context, event }) => {
      if (event.type === 'completion.overdue') return 0
      const asked = event.type === 'kill.requested' ? event.graceMs : undefined
      return asked ?? context.killGraceMs
    },
  },
})
