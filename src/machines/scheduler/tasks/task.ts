/**
 * One task as the scheduler sees it, from submission to its end.
 * Source: mesos.proto, `TaskState`; docs/task-state-reasons.md;
 * docs/high-availability-framework-guide.md.
 */
import { setup } from 'xstate'
import type { TaskState } from './table/task-row.ts'
import { transitionTable } from '../../transitions/transition-table.ts'

export type TaskEvent =
  /** An ACCEPT with the task was sent. */
  | { readonly type: 'task.launched' }
  /** The ACCEPT never reached the master: the task waits for another offer. */
  | { readonly type: 'task.returned' }
  | { readonly type: 'task.staging' }
  | { readonly type: 'task.starting' }
  | { readonly type: 'task.running' }
  /** The user or the maintenance policy kills it. */
  | { readonly type: 'task.killing' }
  /** Its executor kills it. */
  | { readonly type: 'task.dying' }
  | { readonly type: 'task.unreachable' }
  /** The master says that the task ended; the agent's own update, with the result, follows. */
  | { readonly type: 'task.ending' }
  | { readonly type: 'task.finished' }
  | { readonly type: 'task.failed' }
  | { readonly type: 'task.killed' }
  | { readonly type: 'task.lost' }
  /** It failed or was lost, and its policy allows another attempt. */
  | { readonly type: 'task.retried' }

export const taskMachine = setup({
  types: {} as { events: TaskEvent },
}).createMachine({
  id: 'task',
  initial: 'pending',
  states: {
    pending: {
      description: 'Waits for an offer.',
      on: { 'task.launched': 'launched', 'task.killed': 'killed' },
    },
    launched: {
      description: 'An ACCEPT with it was sent.',
      initial: 'launching',
      on: {
        'task.returned': 'pending',
        'task.retried': 'pending',
        'task.finished': 'finished',
        'task.failed': 'failed',
        'task.killed': 'killed',
        'task.lost': 'lost',
        // Updates may arrive out of order after a partition: each names the state of the task.
        'task.staging': '.staging',
        'task.starting': '.starting',
        'task.running': '.running',
        'task.killing': '.killing',
        'task.dying': '.dying',
        'task.unreachable': '.unreachable',
        'task.ending': '.ending',
      },
      states: {
        launching: { description: 'No status update has come yet.' },
        staging: { description: 'The agent prepares its executor.' },
        starting: { description: 'The executor prepares it.' },
        running: { description: 'It runs.' },
        killing: {
          description: 'The framework kills it. Other updates than the last change nothing.',
          on: {
            'task.staging': {},
            'task.starting': {},
            'task.running': {},
            'task.dying': {},
          },
        },
        dying: { description: 'Its executor kills it. The last update says why.' },
        unreachable: { description: 'Its agent is partitioned from the master.' },
        ending: {
          description: 'It ended. The update of its agent, with the result, has not come yet.',
          on: {
            'task.staging': {},
            'task.starting': {},
            'task.running': {},
            'task.killing': {},
            'task.dying': {},
            'task.unreachable': {},
          },
        },
      },
    },
    finished: { type: 'final', description: 'It succeeded.' },
    failed: { type: 'final', description: 'It failed, and has no attempt left.' },
    killed: { type: 'final', description: 'It was killed.' },
    lost: { type: 'final', description: 'It was lost, and has no attempt left.' },
  },
})

/**
 * The next state of a task in `state` on `event`; `state` when the event changes nothing.
 * The machine above is read into a table once: an actor per task would cost too much at 100,000.
 */
export function advanceTask(state: TaskState, event: TaskEvent['type']): TaskState {
  return transitions.get(state)?.get(event) ?? state
}

const transitions = transitionTable<TaskState>(taskMachine)
