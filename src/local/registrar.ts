/**
 * What masters keep where the next one finds it: which agents were admitted, and which of them are unreachable or gone.
 * Source: apache/mesos docs/replicated-log-internals.md; src/master/registry.proto.
 */
import type { AgentInfo, TimeInfo } from '../mesos/types.generated.ts'

/** By agent id; an agent is in one of the three. */
export interface Registrar {
  readonly admitted: Map<string, AgentInfo>
  /** Since when. */
  readonly unreachable: Map<string, TimeInfo>
  /** Since when. */
  readonly gone: Map<string, TimeInfo>
}

/** One for all masters of a cluster, as their replicated log is. */
export function createRegistrar(): Registrar {
  return { admitted: new Map(), unreachable: new Map(), gone: new Map() }
}
