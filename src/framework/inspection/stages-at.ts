/** Where a run has got to: registered → jar server started → offers → launch. */
import { getFrom } from '../../domain/persistent-map.ts'
import { stateLine } from '../../inspector/state-line.ts'
import type { StageAt } from '../../inspector/protocol/lens-views.ts'
import { offersOf, outcomesOf, setsOf, taskTableOf } from '../../machines/scheduler/components.ts'
import type { SchedulerSnapshot } from '../../machines/scheduler/scheduler.ts'
import { tasksOf } from '../../machines/scheduler/tasks/table/task-table.ts'

type Stage = Pick<StageAt, 'text' | 'status'>

export function stagesAt(snapshot: SchedulerSnapshot): readonly StageAt[] {
  const stages: readonly StageAt[] = [
    { title: 'registered', actor: 'connection', ...of(registered, 'connection', snapshot) },
    { title: 'jar server started', actor: 'delivery', ...of(jarServer, 'delivery', snapshot) },
    { title: 'offers', actor: 'offers', ...of(offers, 'offers', snapshot) },
    { title: 'launch', actor: 'tasks', ...launch(snapshot) },
  ]
  return snapshot.status === 'active' ? stages : stages.map(ended)
}

function of(
  stage: (state: string, snapshot: SchedulerSnapshot) => Stage,
  id: 'connection' | 'delivery' | 'offers',
  snapshot: SchedulerSnapshot,
): Stage {
  const component = snapshot.children[id]
  if (component === undefined) return { text: 'over', status: 'over' }
  return stage(stateLine(component.getSnapshot().value), snapshot)
}

/** XState stops the components at the end, in whatever state they are. */
function ended(stage: StageAt): StageAt {
  return stage.status === 'failed' ? stage : { ...stage, status: 'over' }
}

function registered(state: string, { context }: SchedulerSnapshot): Stage {
  if (state === 'subscribed')
    return {
      text: `as ${(context.frameworkId ?? '').replace(/^[0-9a-f-]{36}-/, '…')}`,
      status: 'reached',
    }
  if (!state.startsWith('disconnected')) return { text: state, status: 'failed' }
  return {
    text: context.frameworkId === undefined ? 'subscribing' : 'disconnected',
    status: 'ahead',
  }
}

function jarServer(state: string, snapshot: SchedulerSnapshot): Stage {
  if (state === 'noLibraries') return { text: 'nothing to ship', status: 'reached' }
  if (state === 'failed') return { text: state, status: 'failed' }
  if (state === 'draining' || state === 'closed') return { text: state, status: 'over' }
  if (state !== 'serving') return { text: state, status: 'ahead' }
  const { sets, current } = setsOf(snapshot)
  const count = current === undefined ? 0 : (getFrom(sets, current)?.libraries.length ?? 0)
  return { text: count === 1 ? '1 library' : `${count} libraries`, status: 'reached' }
}

function offers(state: string, snapshot: SchedulerSnapshot): Stage {
  if (state === 'closed') return { text: state, status: 'over' }
  const held = offersOf(snapshot).length
  const last = state.split('.').at(-1) ?? state
  if (!state.startsWith('subscribed.open'))
    return { text: offersTexts[last] ?? last, status: 'ahead' }
  return { text: held > 0 ? `${held} held` : (offersTexts[last] ?? last), status: 'reached' }
}

/** In the words of the machine's descriptions. */
const offersTexts: Readonly<Record<string, string>> = {
  away: 'no subscription',
  waitingForDelivery: 'wait for the jar server',
  asking: 'asked for',
  idle: 'no work waits',
  suppressed: 'no work waits',
}

function launch(snapshot: SchedulerSnapshot): Stage {
  const counts = { running: 0, starting: 0, waiting: 0, ended: outcomesOf(snapshot).size }
  for (const { state } of tasksOf(taskTableOf(snapshot))) counts[phases[state] ?? 'running'] += 1
  const text = Object.entries(counts).flatMap(([phase, count]) =>
    count === 0 ? [] : [`${count} ${phase}`],
  )
  const { running, starting, ended } = counts
  const isReached = running + starting + ended > 0
  const none = snapshot.status === 'active' ? 'no tasks' : 'over'
  return { text: text.join(', ') || none, status: isReached ? 'reached' : 'ahead' }
}

const phases: Readonly<Record<string, 'starting' | 'waiting'>> = {
  pending: 'waiting',
  launching: 'starting',
  staging: 'starting',
  starting: 'starting',
}
