/** Capabilities and roles of a framework. */
import type { FrameworkInfo } from '../../mesos/types.generated.ts'

export type Capability = NonNullable<NonNullable<FrameworkInfo['capabilities']>[number]['type']>

export function hasCapability(info: FrameworkInfo, capability: Capability): boolean {
  return (info.capabilities ?? []).some(({ type }) => type === capability)
}

/** The roles of a framework: `roles` with MULTI_ROLE, else its one `role`, by default `*`. */
export function rolesOf(info: FrameworkInfo): readonly string[] {
  return hasCapability(info, 'MULTI_ROLE') ? (info.roles ?? []) : [info.role ?? '*']
}
