/** A component machine with a parent around it, which keeps the notices that it gets. */
import { assign, enqueueActions, setup } from 'xstate'
import type { AnyStateMachine, EventFromLogic, InputFrom, SnapshotFrom } from 'xstate'
import { createCore } from '../../../src/journal/core/core.ts'

export function asChild<M extends AnyStateMachine>(machine: M, input: InputFrom<M>) {
  const parent = setup({
    types: {} as { context: { notices: readonly { type: string }[] } },
    actors: { component: machine as AnyStateMachine },
  }).createMachine({
    id: 'parent',
    context: { notices: [] },
    invoke: { id: machine.id, src: 'component', input: () => input as unknown },
    on: {
      'to.component': {
        actions: enqueueActions(({ enqueue, event }) =>
          enqueue.sendTo(machine.id, (event as unknown as { event: { type: string } }).event),
        ),
      },
      '*': {
        actions: assign({ notices: ({ context, event }) => [...context.notices, event] }),
      },
    },
  })
  const core = createCore(parent, { input: undefined, startMs: 0 })
  core.start()
  let seq = 0
  let now = 0
  const send = (event: EventFromLogic<M>) =>
    core.apply({ seq: ++seq, now, event: { type: 'to.component', event } as never })
  return {
    /** Sends events one after another; the effects and facts of the last one. */
    send(...events: readonly EventFromLogic<M>[]) {
      return events.map((event) => send(event)).at(-1)
    },
    /** Lets time pass: timers fire. */
    after(ms: number) {
      now += ms
      return core.apply({ seq: ++seq, now })
    },
    get snapshot(): SnapshotFrom<M> {
      return core.snapshot.children[machine.id]?.getSnapshot() as SnapshotFrom<M>
    },
    /** All notices so far. */
    get notices() {
      return core.snapshot.context.notices
    },
  }
}

/** The types of the calls of an outcome. */
export function callsOf(outcome: { effects: readonly { params: unknown }[] } | undefined) {
  return outcome?.effects.map(({ params }) => (params as { type: string }).type)
}
