/** Kinds of states, for colours: Mesos' words, and those of a scheduler before a task runs. */
export type StateKind = 'waiting' | 'starting' | 'running' | 'finished' | 'killed' | 'failed'

const starting = /^(launch|accept|staging|starting|TASK_STAGING|TASK_STARTING)/
const running = /^(running|TASK_RUNNING)$/
const killed = /kill|unreachable|unknown|revok/i

export function kindOf(state: string): StateKind {
  if (state === 'waiting') return 'waiting'
  if (starting.test(state)) return 'starting'
  if (running.test(state)) return 'running'
  if (state === 'TASK_FINISHED') return 'finished'
  return killed.test(state) ? 'killed' : 'failed'
}

/** `TASK_RUNNING` is `running`. */
export function stateText(state: string): string {
  return state
    .replace(/^TASK_/, '')
    .toLowerCase()
    .replaceAll('_', ' ')
}
