/**
 * One task as the scheduler sees it, from submission to its end.
 * Source: mesos.proto, `TaskState`; docs/task-state-reasons.md; docs/high-availability-framework-guide.md.
 */
import { setup } from 'xstate'
import type { TaskState } from './table/task-row.ts'
import { transitionTable } from '../../transitions/transition-table.ts'

export type TaskEvent =
  /** An ACCEPT with the task was sent. */
  | { readonly type: 'task.launched' }
  /** The ACCEPT surely never reached the master: the task waits for another offer. */
  | { readonly type: 'task.returned' }
  | { readonly type: 'task.staging' }
  | { readonly type: 'task.starting' }
  | { readonly type: 'task.running' }
  /** The framework's user, or its maintenance policy, wants it killed. */
  | { readonly type: 'task.killing' }
  /** Its executor kills it. */
  | { readonly type: 'task.dying' }
  | { readonly type: 'task.unreachable' }
  /** It is over, says the master; its agent's own update, which has the result, is yet to come. */
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
      on: { 'task.launched': 'launched', 'task.killed': 'killed' },
    },
    launched: {
      initial: 'launching',
      on: {
        'task.returned': 'pending',
        'task.retried': 'pending',
        'task.finished': 'finished',
        'task.failed': 'failed',
        'task.killed': 'killed',
        'task.lost': 'lost',
        // Updates can overtake one another when the master or the agent was away: each names where the task is.
        'task.staging': '.staging',
        'task.starting': '.starting',
        'task.running': '.running',
        'task.killing': '.killing',
        'task.dying': '.dying',
        'task.unreachable': '.unreachable',
        'task.ending': '.ending',
      },
      states: {
        launching: {},
        staging: {},
        starting: {},
        running: {},
        killing: {
          // A task that is to die stays so, whatever it says on its way.
          on: {
            'task.staging': {},
            'task.starting': {},
            'task.running': {},
            'task.dying': {},
          },
        },
        // Killed by somebody else: what that means, its last update tells.
        dying: {},
        unreachable: {},
        ending: {
          // What does not end it is of before the end.
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
    finished: { type: 'final' },
    failed: { type: 'final' },
    killed: { type: 'final' },
    lost: { type: 'final' },
  },
})

/**
 * Where a task in `state` goes on `event`; `state` itself when the event changes nothing.
 * It is the machine above as a table, read off once: 100,000 tasks cannot be an actor each.
 */
export function advanceTask(state: TaskState, event: TaskEvent['type']): TaskState {
  return transitions.get(state)?.get(event) ?? state
}

const transitions = transitionTable<TaskState>(taskMachine)
