/**
 * One task in its executor, from LAUNCH to the acknowledgement of its last status update.
 * Source: apache/mesos docs/executor-http-api.md; mesos.proto, `KillPolicy` and `TaskState`.
 */
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import { defined } from '../../defined.ts'
import type { HostKill, HostStart, ProbesStart } from './events.ts'
import {
  changedCheck,
  checkedHealth,
  emptyStatus,
  failed,
  finished,
  killed,
  killedUnhealthy,
  overdue,
  running,
  starting,
} from './run-report.ts'
import { taskRunSetup } from './setup.ts'
import type { TaskRunContext } from './setup.ts'

interface Args {
  readonly context: TaskRunContext
}

export const taskRunMachine = taskRunSetup.createMachine({
  id: 'task-run',
  context: ({ input }) => ({
    ...input,
    outcome: undefined,
    healthy: undefined,
    checkStatus: input.check && emptyStatus(input.check),
  }),
  initial: 'accepted',
  states: {
    accepted: {
      description: 'The agent launched the task.',
      // Without TASK_STARTING for a task that starts at once: each update is a round trip.
      always: [{ guard: 'hasLibraries', target: 'hosted' }, { target: 'awaitingLibraries' }],
    },
    awaitingLibraries: {
      description: 'Its library sets are being fetched and installed.',
      entry: { type: 'fx.report', params: starting },
      always: { guard: 'hasLibraries', target: 'hosted' },
      on: {
        'libraries.ready': { actions: 'keepInstalled' },
        'libraries.failed': {
          guard: 'needsSet',
          target: 'reporting.failed',
          actions: 'keepFailure',
        },
        'kill.requested': 'reporting.killed',
      },
    },
    hosted: {
      description: 'A task host has the task.',
      initial: 'starting',
      on: {
        'host.exited': [
          { guard: 'hasSucceeded', target: 'reporting.finished', actions: 'keepOutcome' },
          { target: 'reporting.failed', actions: 'keepOutcome' },
        ],
        'kill.requested': 'killing',
      },
      states: {
        starting: {
          description: 'The host is being started.',
          entry: { type: 'fx.startHost', params: hostStart },
          on: {
            'host.started': [{ guard: 'hasProbes', target: 'running.probed' }, 'running'],
          },
        },
        running: {
          description: 'The host runs the task.',
          entry: 'limitTime',
          exit: 'unlimitTime',
          on: { 'completion.overdue': '#task-run.killing.reason.overdue' },
          initial: 'unprobed',
          states: {
            unprobed: {
              description: 'It has neither a check nor a health check.',
              initial: 'fresh',
              states: {
                fresh: {
                  description: 'Not reported yet: for a task that ends soon, its end is enough.',
                  after: { reportDelay: 'reported' },
                },
                reported: {
                  description: 'TASK_RUNNING is reported.',
                  entry: { type: 'fx.report', params: running },
                },
              },
            },
            probed: {
              description: 'Checks and health checks run.',
              entry: [
                { type: 'fx.report', params: running },
                { type: 'fx.startProbes', params: probesStart },
              ],
              exit: { type: 'fx.stopProbes', params: ownTask },
              on: {
                // The report has the result that was kept just before.
                'health.checked': [
                  {
                    guard: 'isLastFailure',
                    target: '#task-run.killing.reason.unhealthy',
                    actions: ['keepHealth', { type: 'fx.report', params: checkedHealth }],
                  },
                  { actions: ['keepHealth', { type: 'fx.report', params: checkedHealth }] },
                ],
                'check.changed': {
                  actions: ['keepCheck', { type: 'fx.report', params: changedCheck }],
                },
              },
            },
          },
        },
      },
    },
    killing: {
      description: 'The host gets SIGTERM, and SIGKILL after the grace period.',
      type: 'parallel',
      states: {
        reason: {
          description: 'Why the task is killed.',
          initial: 'requested',
          states: {
            requested: {
              description: 'The agent, its group or a shutdown of the executor kills it.',
              on: { 'host.exited': reported('killed') },
            },
            unhealthy: {
              description: 'Its health check failed too often.',
              on: { 'host.exited': reported('killedUnhealthy') },
            },
            overdue: {
              description: 'It ran longer than its maximum.',
              on: { 'host.exited': reported('overdue') },
            },
          },
        },
        signal: {
          description: 'The last signal sent.',
          initial: 'terminating',
          // A later kill sends SIGTERM again and counts its own grace, which may be shorter.
          on: { 'kill.requested': { target: '.terminating', reenter: true } },
          states: {
            terminating: {
              description: 'SIGTERM is sent; the grace period runs.',
              entry: { type: 'fx.killHost', params: terminate },
              after: { killGrace: 'forcing' },
            },
            forcing: {
              description: 'SIGKILL is sent.',
              entry: { type: 'fx.killHost', params: forceKill },
            },
          },
        },
      },
    },
    reporting: {
      description: 'The agent has not acknowledged its last status update yet.',
      initial: 'failed',
      states: {
        finished: {
          description: 'TASK_FINISHED is reported.',
          entry: { type: 'fx.report', params: finished },
        },
        failed: {
          description: 'TASK_FAILED is reported.',
          entry: { type: 'fx.report', params: failed },
        },
        overdue: {
          description: 'TASK_FAILED is reported: it ran longer than its maximum.',
          entry: { type: 'fx.report', params: overdue },
        },
        killed: {
          description: 'TASK_KILLED is reported.',
          entry: { type: 'fx.report', params: killed },
        },
        killedUnhealthy: {
          description: 'TASK_KILLED is reported, with healthy: false.',
          entry: { type: 'fx.report', params: killedUnhealthy },
        },
      },
      on: { 'completion.acknowledged': 'done' },
    },
    done: { type: 'final', description: 'The agent has the last status update.' },
  },
})

export type TaskRunSnapshot = SnapshotFrom<typeof taskRunMachine>
export type TaskRunRef = ActorRefFrom<typeof taskRunMachine>

function reported<State extends string>(state: State) {
  return { target: `#task-run.reporting.${state}`, actions: 'keepOutcome' } as const
}

function hostStart({ context }: Args): HostStart {
  const { taskId, work, maxResultBytes, setIds, installed, environment = {} } = context
  const libraries = setIds.flatMap((id) => installed.filter(({ setId }) => setId === id))
  return { taskId, work, maxResultBytes, libraries, environment }
}

function probesStart({ context }: Args): ProbesStart {
  const { taskId, healthCheck, check, environment = {} } = context
  return { taskId, ...defined({ healthCheck, check }), environment }
}

function ownTask({ context }: Args): { taskId: string } {
  return { taskId: context.taskId }
}

function terminate({ context }: Args): HostKill {
  return { taskId: context.taskId, signal: 'SIGTERM' }
}

function forceKill({ context }: Args): HostKill {
  return { taskId: context.taskId, signal: 'SIGKILL' }
}
