import { useComputed, useSignal } from '@preact/signals'
import type { ActorAt } from '../../../protocol/questions.ts'
import { useAnswer } from '../../state/answers.ts'
import type { Page } from '../../state/page.ts'
import { Canvas } from './canvas.tsx'
import { Drawing } from './drawing.tsx'
import { areaOf, litIn } from './lit.ts'
import { Stages } from './stages.tsx'

const none: readonly ActorAt[] = []

/** The machine of the chosen actor, its active states and the last transition lit. */
export function StatechartView({ page }: { readonly page: Page }) {
  const actors = useComputed(() => page.shown.value?.actors ?? none)
  const charted = useComputed(() => actors.value.filter(({ chart }) => chart !== undefined))
  const actor = useComputed(
    () => charted.value.find(({ id }) => id === page.actor.value) ?? charted.value[0],
  )
  // By chart: an open state of one machine says nothing of another.
  const collapsed = useSignal<Readonly<Record<string, readonly string[]>>>({})
  const lit = useComputed(() => ({
    ...litIn(actor.value, page.shownStep.value),
    pointed: page.pointed.value,
  }))

  const id = actor.value?.chart
  const app = page.app.value?.id
  const closed = (id === undefined ? undefined : collapsed.value[id]) ?? []
  const question =
    id === undefined || app === undefined
      ? undefined
      : { app, params: { chart: id, collapsed: closed } }
  const { value: chart, error } = useAnswer(page.ask, 'chart', question)

  const toggle = (stateId: string) => {
    if (id === undefined) return
    const next = closed.includes(stateId)
      ? closed.filter((each) => each !== stateId)
      : [...closed, stateId]
    collapsed.value = { ...collapsed.value, [id]: next }
  }

  if (actor.value === undefined) {
    const { value: moment, error: fault } = page.moment.value
    if (fault !== undefined) return <p class="empty">{fault.message}</p>
    return (
      <p class="empty">
        {moment === undefined
          ? 'Replaying up to this moment …'
          : 'No actor of this moment is a machine.'}
      </p>
    )
  }
  return (
    <div class="statechart">
      <Stages page={page} chosen={actor.value.id} />
      <Machines page={page} actors={charted.value} chosen={actor.value} />
      {chart === undefined ? (
        <p class="empty">{error?.message ?? 'Drawing …'}</p>
      ) : chart.tooLarge === undefined ? (
        <Canvas
          drawing={chart}
          id={chart.id}
          sight={areaOf(chart, lit.value)}
          label={`Statechart of ${actor.value.name}`}
        >
          <Drawing chart={chart} lit={lit.value} onToggle={toggle} />
        </Canvas>
      ) : (
        <p class="empty">This machine is not drawn: {chart.tooLarge}.</p>
      )}
    </div>
  )
}

interface MachinesProps {
  readonly page: Page
  readonly actors: readonly ActorAt[]
  readonly chosen: ActorAt
}

/** More than these are chosen in the tree of actors. */
const maxMachines = 24

/** The machines of the moment, each with its state: those that the last entry moved are marked. */
function Machines({ page, actors, chosen }: MachinesProps) {
  const moved = new Set(page.shownStep.value?.changes.map(({ actor }) => actor))
  return (
    <div class="machines" role="group" aria-label="Machines">
      {actors.slice(0, maxMachines).map(({ id, name, state }) => (
        <button
          type="button"
          key={id}
          class={moved.has(id) ? 'machine moved' : 'machine'}
          aria-pressed={id === chosen.id}
          onClick={() => (page.actor.value = id)}
        >
          <span class="machine-name">{name}</span>
          <span class="machine-state">{state === '{}' ? 'one state' : state}</span>
        </button>
      ))}
    </div>
  )
}
