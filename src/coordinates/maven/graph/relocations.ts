import { JarcastError } from '../../../errors.ts'
import { artifactId } from '../model/artifact.ts'
import type { Artifact } from '../model/artifact.ts'
import type { EffectivePom } from '../model/effective-pom.ts'
import type { PomReader } from './pom-reader.ts'

export interface Relocated {
  /** The artifact under its last coordinates. */
  readonly artifact: Artifact
  /** Its former coordinates, in order; empty when it was never relocated. */
  readonly from: readonly Artifact[]
}

/**
 * Follows the relocations of an artifact, whose POM is `pom`, to the last. Rejects with
 * `PACKAGE_UNRESOLVABLE` for a circle, else as the reader does.
 */
export async function followRelocations(
  artifact: Artifact,
  pom: EffectivePom | undefined,
  poms: PomReader,
): Promise<Relocated> {
  const from: Artifact[] = []
  let current = artifact
  for (let next = pom; next?.relocation !== undefined; next = await poms.effective(current)) {
    if (from.some((known) => artifactId(known) === artifactId(current))) {
      const message = `the relocations of ${artifactId(artifact)} form a circle`
      throw new JarcastError('PACKAGE_UNRESOLVABLE', message)
    }
    from.push(current)
    current = { ...current, ...next.relocation }
  }
  return { artifact: current, from }
}
