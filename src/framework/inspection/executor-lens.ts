/** The meaning of an executor's journal for the inspector: agent, jar server, processes of tasks. */
import { effectSummary, eventSummary } from '../../domain/event-summary.ts'
import type { Lens } from '../../inspector/protocol/lens.ts'

const lanes: NonNullable<Lens['lanes']> = [
  { id: 'agent', label: 'Mesos agent' },
  { id: 'jarServer', label: 'jar server' },
  { id: 'processes', label: 'task processes' },
  { id: 'process', label: 'executor process' },
]

const byPrefix: readonly (readonly [prefix: string, lane: string])[] = [
  ['agent.', 'agent'],
  ['task.', 'agent'],
  ['kill.', 'agent'],
  ['shutdown.', 'agent'],
  ['update.acknowledged', 'agent'],
  ['fx.subscribe', 'agent'],
  ['fx.sendUpdate', 'agent'],
  ['fx.message', 'agent'],
  ['libraries.', 'jarServer'],
  ['manifest.', 'jarServer'],
  ['library.', 'jarServer'],
  ['fx.fetch', 'jarServer'],
  ['fx.cancelFetches', 'jarServer'],
  ['host.', 'processes'],
  ['health.', 'processes'],
  ['check.', 'processes'],
  ['fx.startHost', 'processes'],
  ['fx.killHost', 'processes'],
  ['fx.startProbes', 'processes'],
  ['fx.stopProbes', 'processes'],
]

export const executorLens: Lens = {
  labelOf: (event) => eventSummary(event).slice(event.type.length + 1),
  effectLabelOf: effectSummary,
  laneOf,
  lanes,
}

/** Disk, clock and end of the executor's own process are all the rest. */
function laneOf(_what: 'event' | 'effect' | 'fact', type: string): string {
  return byPrefix.find(([prefix]) => type.startsWith(prefix))?.[1] ?? 'process'
}
