/** Warnings about the POMs of a graph, each once. */
import { artifactId } from '../model/artifact.ts'
import type { Artifact } from '../model/artifact.ts'
import type { EffectivePom } from '../model/effective-pom.ts'
import type { PomDependency } from '../model/pom.ts'
import { isUnknownScope } from './dependency-rules.ts'

export class GraphWarnings {
  readonly #onWarning: (message: string) => void
  readonly #seen = new Set<string>()

  constructor(onWarning: (message: string) => void) {
    this.#onWarning = onWarning
  }

  /** `dependent` is undefined for what the user asks for. */
  checkScope(
    { groupId, artifactId: id, scope = '' }: PomDependency,
    dependent: Artifact | undefined,
  ): void {
    if (scope === '' || !isUnknownScope(scope) || dependent === undefined) return
    this.#warn(
      `${artifactId(dependent)} has ${groupId}:${id} in scope ${JSON.stringify(scope)}, which Maven does not know: taken as runtime`,
    )
  }

  checkPom(artifact: Artifact, pom: EffectivePom | undefined): void {
    const id = artifactId(artifact)
    if (pom === undefined) {
      this.#warn(`no repository has the POM of ${id}: taken without dependencies`)
    } else if (pom.fault !== undefined) {
      this.#warn(`the POM of ${id} is invalid, taken without dependencies: ${pom.fault}`)
    }
  }

  #warn(message: string): void {
    if (this.#seen.has(message)) return
    this.#seen.add(message)
    this.#onWarning(message)
  }
}
