/** Flags, metrics and the version in the form of the operator API. */
import type { Flag, Metric, VersionInfo } from '../../mesos/types.generated.ts'
import { versionInfo } from '../messages/version.ts'

/** `version`: of a master that reports another one. */
export function toVersionInfo(version = versionInfo.version): VersionInfo {
  return { version, buildUser: versionInfo.build_user }
}

export function toFlags(flags: Readonly<Record<string, string>>): Flag[] {
  return Object.entries(flags).map(([name, value]) => ({ name, value }))
}

export function toMetrics(metrics: Readonly<Record<string, number>>): Metric[] {
  return Object.entries(metrics).map(([name, value]) => ({ name, value }))
}
