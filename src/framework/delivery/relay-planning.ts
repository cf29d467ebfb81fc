/** Runs the relay machine of a jar server. Its plans need no journal: see relay.ts. */
import type { RelayAnswers, RelayEvent } from '../../domain/relay/relay-events.ts'
import { createRuntime } from '../../journal/runtime/runtime.ts'
import { relayMachine } from '../../machines/relay/relay.ts'

export interface RelayPlanning {
  dispatch(event: RelayEvent): void
  stop(): void
}

/** Plans from now on. `answer` is called with the hosts of a library whose sources change. */
export function createRelayPlanning(answer: (answers: RelayAnswers) => void): RelayPlanning {
  const runtime = createRuntime(relayMachine, {
    input: undefined,
  })
  runtime.effect$.subscribe(({ params }) => answer(params))
  runtime.start()
  return runtime
}
