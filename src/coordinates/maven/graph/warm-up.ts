/** Prefetches POMs concurrently for the collector, which reads them one by one. */
import { isAtRunTime } from './dependency-rules.ts'
import type { EffectivePom } from '../model/effective-pom.ts'
import type { PomDependency } from '../model/pom.ts'
import type { PomReader } from './pom-reader.ts'

/**
 * Reads the POMs of `dependencies` and of their transitive dependencies. It ignores exclusions, and
 * errors, which the collector reports. Stops when `signal` is aborted.
 */
export function warmUp(
  dependencies: readonly PomDependency[],
  poms: PomReader,
  signal: AbortSignal,
): void {
  const seen = new Set<string>()

  async function warm({ groupId, artifactId, version = '' }: PomDependency): Promise<void> {
    const id = `${groupId}:${artifactId}:${version}`
    // The collector looks up ranges, RELEASE and LATEST.
    if (signal.aborted || seen.has(id) || /^[[(]|^$|^(?:RELEASE|LATEST)$/.test(version)) return
    seen.add(id)
    const pom = await poms.effective({ groupId, artifactId, version }).catch(() => undefined)
    if (pom !== undefined) next(pom)
  }

  function next({ dependencies: found, relocation, ...gav }: EffectivePom): void {
    if (relocation !== undefined) {
      const { groupId, artifactId, version } = { ...gav, ...relocation }
      void warm({ ...nothing, groupId, artifactId, version })
      return
    }
    for (const dependency of found) {
      const { scope, optional } = dependency
      if (isAtRunTime(scope ?? '') && optional !== 'true') void warm(dependency)
    }
  }

  for (const dependency of dependencies) void warm(dependency)
}

const nothing: PomDependency = {
  groupId: '',
  artifactId: '',
  version: undefined,
  type: 'jar',
  classifier: undefined,
  scope: undefined,
  optional: undefined,
  systemPath: undefined,
  exclusions: [],
}
