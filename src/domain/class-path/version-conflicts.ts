/** Artifacts that are on a class path in more than one version. */
import type { JarIndex } from './jar-index.ts'
import type { JarArtifact } from './jar-manifest.ts'

export interface VersionConflict {
  /**
   * `group:artifact` if the jar has Maven's `pom.properties`, else the name in the manifest or of
   * the file.
   */
  readonly artifact: string
  readonly source: JarArtifact['source']
  /** In class-path order: shared classes come from the first. */
  readonly versions: readonly { readonly version: string; readonly jar: string }[]
}

type Versions = VersionConflict['versions']

/** Most reliable first: a conflict found by one source is not reported again by the next. */
const sources: readonly JarArtifact['source'][] = ['pom', 'manifest', 'file name']

/** Takes `jars` in search order. Returns conflicts sorted by source and name. */
export function findVersionConflicts(jars: readonly JarIndex[]): readonly VersionConflict[] {
  const told = new Set<string>()
  return sources.flatMap((source) => {
    const found = [...versionsOf(jars, source)]
      .filter(([, versions]) => isConflict(versions) && !told.has(jarsOf(versions)))
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
    for (const [, versions] of found) told.add(jarsOf(versions))
    return found.map(([artifact, versions]) => ({ artifact, source, versions }))
  })
}

function versionsOf(
  jars: readonly JarIndex[],
  source: JarArtifact['source'],
): ReadonlyMap<string, Versions> {
  const byId = new Map<string, { version: string; jar: string }[]>()
  for (const { name: jar, artifacts } of jars) {
    for (const artifact of artifacts) {
      if (artifact.source !== source) continue
      const versions = byId.get(artifact.id) ?? []
      byId.set(artifact.id, versions)
      versions.push({ version: artifact.version, jar })
    }
  }
  return byId
}

/** Two versions inside one jar (an uber jar) are no conflict of the class path. */
function isConflict(versions: Versions): boolean {
  return (
    new Set(versions.map(({ version }) => version)).size > 1 &&
    new Set(versions.map(({ jar }) => jar)).size > 1
  )
}

function jarsOf(versions: Versions): string {
  return versions.map(({ jar }) => jar).join('\u0000')
}
