/** Effective POMs of a repository: each is fetched and worked out once. */
import { JarcastError } from '../../../errors.ts'
import type { Gav } from '../model/artifact.ts'
import { toEffectivePom } from '../model/effective-pom.ts'
import type { EffectivePom } from '../model/effective-pom.ts'
import { gavId, mergePom } from '../model/merged-pom.ts'
import type { MergedPom } from '../model/merged-pom.ts'
import type { JavaPlatform } from '../model/platform.ts'
import { parsePom } from '../model/pom.ts'
import type { Pom, PomDependency } from '../model/pom.ts'
import type { MavenSource } from '../repositories/source.ts'
import {
  allowsVersion,
  hasUpperBound,
  isRange,
  parseConstraint,
} from '../versions/version-constraint.ts'
import { compareVersions } from '../versions/version.ts'

export interface PomReader {
  /**
   * The POM; undefined when no repository has it. One that makes no sense has a `fault` and no
   * dependencies, as in Maven.
   * Rejects with `PACKAGE_NOT_FOUND` when a parent or an imported BOM is missing, else as the
   * source does.
   */
  effective(gav: Gav): Promise<EffectivePom | undefined>
  /** What the POM manages, as a BOM. Rejects with `PACKAGE_NOT_FOUND` when it is missing too. */
  managedOf(gav: Gav): Promise<readonly PomDependency[]>
}

const maxLineage = 100
const maxPoms = 20_000

export function createPomReader(source: MavenSource, java: JavaPlatform): PomReader {
  const raw = new Map<string, Promise<Pom | undefined>>()
  const merged = new Map<string, MergedPom>()
  const effective = new Map<string, Promise<EffectivePom | undefined>>()
  const managed = new Map<string, readonly PomDependency[]>()

  function rawPom(gav: Gav): Promise<Pom | undefined> {
    const id = gavId(gav)
    const known = raw.get(id)
    if (known !== undefined) return known
    if (raw.size >= maxPoms) throw tooMany()
    const reading = source.pom(gav).then((found) => found && parsePom(found.text, found.source))
    // Its readers handle the error.
    reading.catch(() => undefined)
    raw.set(id, reading)
    return reading
  }

  /** The POM on top of its parents: looked up outwards, put together inwards. */
  async function mergedPom(gav: Gav): Promise<MergedPom | undefined> {
    const lineage: (readonly [string, Pom])[] = []
    let base: MergedPom | undefined
    for (let next: Gav | undefined = gav; next !== undefined;) {
      const id = gavId(next)
      base = merged.get(id)
      if (base !== undefined) break
      const pom = await rawPom(next)
      if (pom === undefined) {
        if (lineage.length === 0) return undefined
        throw missing(next, `the parent of ${lineage.at(-1)?.[0]}`)
      }
      if (lineage.some(([child]) => child === id) || lineage.length >= maxLineage) throw endless(id)
      lineage.push([id, pom])
      next = pom.parent && (await fixVersion(pom.parent))
      if (next?.version !== pom.parent?.version) checkOwnVersion(id, pom)
    }
    for (const [id, pom] of lineage.toReversed()) {
      base = mergePom(pom, base, java)
      merged.set(id, base)
    }
    return base
  }

  /** A parent's version may be a range with an end. */
  async function fixVersion(parent: Gav): Promise<Gav> {
    const constraint = parseConstraint(parent.version)
    if (!isRange(constraint)) return parent
    const versions = await source.versionsOf(parent)
    const [newest] = versions
      .filter((version) => allowsVersion(constraint, version))
      .toSorted((one, other) => compareVersions(other, one))
    if (newest === undefined || !hasUpperBound(constraint)) throw missing(parent, 'a parent')
    return { ...parent, version: newest }
  }

  async function managedOf(
    gav: Gav,
    importers: readonly string[],
  ): Promise<readonly PomDependency[]> {
    const id = gavId(gav)
    const known = managed.get(id)
    if (known !== undefined) return known
    if (importers.length >= maxLineage) throw endless(id)
    const pom = await mergedPom(gav)
    if (pom === undefined) throw missing(gav, `a BOM that ${importers.at(-1) ?? 'you'} imports`)
    const found = await toEffectivePom(pom, java, boms, { isBom: true, importers })
    if (found.fault !== undefined) throw invalid(`${id}: ${found.fault}`)
    managed.set(id, found.managed)
    return found.managed
  }

  const boms = { managedOf, warm: (bom: Gav) => void rawPom(bom) }

  async function read(gav: Gav): Promise<EffectivePom | undefined> {
    try {
      const pom = await mergedPom(gav)
      return pom && (await toEffectivePom(pom, java, boms, { isBom: false }))
    } catch (error) {
      if (!(error instanceof JarcastError) || error.code !== 'PACKAGE_INVALID') throw error
      const nothing = { dependencies: [], managed: [], relocation: undefined, repositoryUrls: [] }
      return { ...gav, ...nothing, fault: error.message }
    }
  }

  return {
    effective(gav) {
      const id = gavId(gav)
      const known = effective.get(id)
      if (known !== undefined) return known
      const reading = read(gav)
      effective.set(id, reading)
      return reading
    },
    managedOf: (gav) => managedOf(gav, []),
  }
}

/** Below a parent whose version is a range. */
function checkOwnVersion(id: string, { version }: Pom): void {
  if (version !== undefined && !/^\$\{(?:pom|project)\.(?:parent\.)?version\}$/.test(version))
    return
  throw invalid(`${id} has a parent in a range of versions, and no version of its own`)
}

function missing(gav: Gav, what: string): JarcastError {
  const message = `maven:${gavId(gav)}, ${what}, is in none of the repositories`
  return new JarcastError('PACKAGE_NOT_FOUND', message, {
    details: { package: `maven:${gavId(gav)}` },
  })
}

function endless(id: string): JarcastError {
  return invalid(`the parents or imports of ${id} have no end`)
}

function tooMany(): JarcastError {
  return new JarcastError('PACKAGE_UNRESOLVABLE', `the closure needs more than ${maxPoms} POMs`)
}

function invalid(message: string): JarcastError {
  return new JarcastError('PACKAGE_INVALID', message)
}
