/** POMs merged with their parents. Each POM is fetched and merged once. */
import { JarcastError } from '../../../errors.ts'
import type { Gav } from '../model/artifact.ts'
import { gavId, mergePom } from '../model/merged-pom.ts'
import type { MergedPom } from '../model/merged-pom.ts'
import type { JavaPlatform } from '../model/platform.ts'
import { parsePom } from '../model/pom.ts'
import type { Pom } from '../model/pom.ts'
import type { MavenSource } from '../repositories/source.ts'
import {
  allowsVersion,
  hasUpperBound,
  isRange,
  parseConstraint,
} from '../versions/version-constraint.ts'
import { compareVersions } from '../versions/version.ts'
import { circularPom, invalidPom, missingPom } from './pom-errors.ts'

/** Bound of parents above a POM, and of BOMs that import each other. */
export const maxLineage = 100
const maxPoms = 20_000

/** Errors: `PACKAGE_UNRESOLVABLE` for more than 20,000 POMs, `PACKAGE_INVALID`, the source's. */
export class PomLineage {
  readonly #source: MavenSource
  readonly #java: JavaPlatform
  readonly #poms = new Map<string, Promise<Pom | undefined>>()
  readonly #merged = new Map<string, MergedPom>()

  constructor(source: MavenSource, java: JavaPlatform) {
    this.#source = source
    this.#java = java
  }

  /** The POM alone; undefined when no repository has it. */
  read(gav: Gav): Promise<Pom | undefined> {
    const id = gavId(gav)
    const known = this.#poms.get(id)
    if (known !== undefined) return known
    if (this.#poms.size >= maxPoms) {
      throw new JarcastError('PACKAGE_UNRESOLVABLE', `the closure needs more than ${maxPoms} POMs`)
    }
    const reading = this.#source
      .pom(gav)
      .then((found) => found && parsePom(found.text, found.source))
    // Every reader awaits it and handles the error.
    reading.catch(() => undefined)
    this.#poms.set(id, reading)
    return reading
  }

  /**
   * The POM with what it inherits; undefined when no repository has it. Rejects with
   * `PACKAGE_NOT_FOUND` when a parent is missing.
   */
  async merge(gav: Gav): Promise<MergedPom | undefined> {
    const lineage: (readonly [string, Pom])[] = []
    let base: MergedPom | undefined
    for (let next: Gav | undefined = gav; next !== undefined;) {
      const id = gavId(next)
      base = this.#merged.get(id)
      if (base !== undefined) break
      const pom = await this.read(next)
      if (pom === undefined) {
        if (lineage.length === 0) return undefined
        throw missingPom(next, `the parent of ${lineage.at(-1)?.[0]}`)
      }
      const isCircular = lineage.some(([child]) => child === id)
      if (isCircular || lineage.length >= maxLineage) throw circularPom(id)
      lineage.push([id, pom])
      next = pom.parent && (await this.#fixVersion(pom.parent))
      if (next?.version !== pom.parent?.version) checkOwnVersion(id, pom)
    }
    for (const [id, pom] of lineage.toReversed()) {
      base = mergePom(pom, base, this.#java)
      this.#merged.set(id, base)
    }
    return base
  }

  /** The newest version, where a parent has a range; the range needs an upper bound. */
  async #fixVersion(parent: Gav): Promise<Gav> {
    const constraint = parseConstraint(parent.version)
    if (!isRange(constraint)) return parent
    const versions = await this.#source.versionsOf(parent)
    const [newest] = versions
      .filter((version) => allowsVersion(constraint, version))
      .toSorted((one, other) => compareVersions(other, one))
    if (newest === undefined || !hasUpperBound(constraint)) throw missingPom(parent, 'a parent')
    return { ...parent, version: newest }
  }
}

/** A POM whose parent has a range cannot inherit its own version. */
function checkOwnVersion(id: string, { version }: Pom): void {
  if (version !== undefined && !/^\$\{(?:pom|project)\.(?:parent\.)?version\}$/.test(version))
    return
  throw invalidPom(`${id} has a range as its parent's version, and no version of its own`)
}
