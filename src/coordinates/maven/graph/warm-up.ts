/**
 * Fetches POMs ahead, many at a time, so that the collector, which goes one by one, finds them
 * there.
 */
import { isAtRunTime } from './dependency-rules.ts'
import type { EffectivePom } from '../model/effective-pom.ts'
import type { PomDependency } from '../model/pom.ts'
import type { PomReader } from './pom-reader.ts'

/**
 * Reads the POMs of `dependencies` and of what they need in turn. A guess: what is wrong with one
 * is for the collector to find, and exclusions are not looked at. Ends early when `signal` is
 * aborted.
 */
export function warmUp(
  dependencies: readonly PomDependency[],
  poms: PomReader,
  signal: AbortSignal,
): void {
  const seen = new Set<string>()

  async function warm({ groupId, artifactId, version = '' }: PomDependency): Promise<void> {
    const id = `${groupId}:${artifactId}:${version}`
    // Ranges and RELEASE are looked up first, which the collector does.
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
