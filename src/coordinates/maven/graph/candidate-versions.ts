import { JarcastError } from '../../../errors.ts'
import type { PomDependency } from '../model/pom.ts'
import { allowsVersion, isRange } from '../versions/version-constraint.ts'
import type { VersionConstraint } from '../versions/version-constraint.ts'
import { compareVersions } from '../versions/version.ts'

export interface VersionLookup {
  /** All versions that the repositories list. */
  readonly versionsOf: (project: {
    groupId: string
    artifactId: string
  }) => Promise<readonly string[]>
  /** Concrete version for `RELEASE` and `LATEST`, others unchanged. */
  readonly fixVersion: (dependency: PomDependency) => Promise<string>
}

const maxVersionsOfRange = 500

/**
 * The versions of a range, oldest first, and of these the newest 500; without a range one version.
 * Rejects with `PACKAGE_UNRESOLVABLE` when no version is in the range.
 */
export async function candidateVersions(
  dependency: PomDependency,
  constraint: VersionConstraint,
  { versionsOf, fixVersion }: VersionLookup,
): Promise<readonly string[]> {
  if (!isRange(constraint)) return [await fixVersion(dependency)]
  const all = await versionsOf(dependency)
  const fitting = all
    .filter((version) => allowsVersion(constraint, version))
    .toSorted(compareVersions)
    .slice(-maxVersionsOfRange)
  if (fitting.length > 0) return fitting
  const name = `${dependency.groupId}:${dependency.artifactId}`
  const message = `maven:${name} has no version in ${constraint.text}`
  throw new JarcastError('PACKAGE_UNRESOLVABLE', message, { details: { package: name } })
}
