/** Artifacts that are on a class path in more than one version. */
import type { JarIndex } from './jar-index.ts'
import type { JarArtifact } from './jar-manifest.ts'

export interface VersionConflict {
  /** `group:artifact` where Maven's own record tells, else the name in the manifest or of the file. */
  readonly artifact: string
  readonly source: JarArtifact['source']
  /** In class-path order: of what is in more than one, the first is used. */
  readonly versions: readonly { readonly version: string; readonly jar: string }[]
}

type Versions = VersionConflict['versions']

/** Strongest first: what one tells of two jars, a weaker one does not tell again. */
const sources: readonly JarArtifact['source'][] = ['pom', 'manifest', 'file name']

/** `jars` in the order in which they are searched. Sorted by source and name. */
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

/** Two versions in one jar are for who made it to explain. */
function isConflict(versions: Versions): boolean {
  return (
    new Set(versions.map(({ version }) => version)).size > 1 &&
    new Set(versions.map(({ jar }) => jar)).size > 1
  )
}

function jarsOf(versions: Versions): string {
  return versions.map(({ jar }) => jar).join('\u0000')
}
