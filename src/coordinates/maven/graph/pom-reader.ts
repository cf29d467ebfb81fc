/** Effective POMs. Each is fetched and computed once. */
import { JarcastError } from '../../../errors.ts'
import type { Gav } from '../model/artifact.ts'
import { toEffectivePom } from '../model/effective-pom.ts'
import type { BomReader, EffectivePom } from '../model/effective-pom.ts'
import { gavId } from '../model/merged-pom.ts'
import type { JavaPlatform } from '../model/platform.ts'
import type { PomDependency } from '../model/pom.ts'
import type { MavenSource } from '../repositories/source.ts'
import { circularPom, invalidPom, missingPom } from './pom-errors.ts'
import { maxLineage, PomLineage } from './pom-lineage.ts'

export class PomReader {
  readonly #java: JavaPlatform
  readonly #lineage: PomLineage
  readonly #effective = new Map<string, Promise<EffectivePom | undefined>>()
  readonly #managed = new Map<string, readonly PomDependency[]>()
  readonly #boms: BomReader = {
    warm: (bom) => void this.#lineage.read(bom),
    managedOf: (bom, importers) => this.#managedOf(bom, importers),
  }

  constructor(source: MavenSource, java: JavaPlatform) {
    this.#java = java
    this.#lineage = new PomLineage(source, java)
  }

  /**
   * Undefined when no repository has the POM. An invalid POM has a `fault` and no dependencies, as
   * in Maven. Rejects with `PACKAGE_NOT_FOUND` when a parent or an imported BOM is missing, else as
   * the source does.
   */
  effective(gav: Gav): Promise<EffectivePom | undefined> {
    const id = gavId(gav)
    const known = this.#effective.get(id)
    if (known !== undefined) return known
    const reading = this.#read(gav)
    this.#effective.set(id, reading)
    return reading
  }

  /**
   * The managed dependencies of a BOM. Rejects with `PACKAGE_NOT_FOUND` when it, a parent or an
   * imported BOM is missing, `PACKAGE_INVALID` when it is invalid, else as the source does.
   */
  managedOf(bom: Gav): Promise<readonly PomDependency[]> {
    return this.#managedOf(bom, [])
  }

  async #read(gav: Gav): Promise<EffectivePom | undefined> {
    try {
      const pom = await this.#lineage.merge(gav)
      return pom && (await toEffectivePom(pom, this.#java, this.#boms, { isBom: false }))
    } catch (error) {
      if (!(error instanceof JarcastError) || error.code !== 'PACKAGE_INVALID') throw error
      const nothing = { dependencies: [], managed: [], relocation: undefined, repositoryUrls: [] }
      return { ...gav, ...nothing, fault: error.message }
    }
  }

  async #managedOf(bom: Gav, importers: readonly string[]): Promise<readonly PomDependency[]> {
    const id = gavId(bom)
    const known = this.#managed.get(id)
    if (known !== undefined) return known
    if (importers.length >= maxLineage) throw circularPom(id)
    const pom = await this.#lineage.merge(bom)
    if (pom === undefined) throw missingPom(bom, `a BOM that ${importers.at(-1) ?? 'you'} imports`)
    const options = { isBom: true, importers }
    const found = await toEffectivePom(pom, this.#java, this.#boms, options)
    if (found.fault !== undefined) throw invalidPom(`${id}: ${found.fault}`)
    this.#managed.set(id, found.managed)
    return found.managed
  }
}
