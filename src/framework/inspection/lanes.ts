/** The lanes outside the scheduler's machines: where its events come from, where its effects go. */
import type { Lens } from '../../inspector/protocol/lens.ts'

export const lanes: NonNullable<Lens['lanes']> = [
  { id: 'user', label: 'your code' },
  { id: 'master', label: 'Mesos master' },
  { id: 'jarServer', label: 'jar server' },
  { id: 'executors', label: 'executors' },
]

const byPrefix: readonly (readonly [prefix: string, lane: string])[] = [
  ['mesos.', 'master'],
  ['call.', 'master'],
  ['connection.', 'master'],
  ['framework.closed', 'master'],
  ['framework.updated', 'master'],
  ['fx.call', 'master'],
  ['fx.subscribe', 'master'],
  ['fx.close', 'master'],
  ['jarServer.', 'jarServer'],
  ['fx.startJarServer', 'jarServer'],
  ['fx.stopJarServer', 'jarServer'],
  ['fx.releaseSets', 'jarServer'],
  ['holder.', 'executors'],
]

/** Facts are for the user, and calls of the user are all the other events. */
export function laneOf(what: 'event' | 'effect' | 'fact', type: string): string | undefined {
  if (what === 'fact') return 'user'
  return byPrefix.find(([prefix]) => type.startsWith(prefix))?.[1] ?? 'user'
}
