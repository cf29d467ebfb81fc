/**
 * The effective POM: properties replaced, BOMs imported, dependencies managed.
 * Source: Maven's "Maven Model Builder"; POM reference, "Dependency Management".
 */
import { JarcastError } from '../../../errors.ts'
import type { Gav } from './artifact.ts'
import { createInterpolator } from './interpolate.ts'
import { gavId } from './merged-pom.ts'
import type { MergedPom } from './merged-pom.ts'
import { systemProperties } from './platform.ts'
import type { JavaPlatform } from './platform.ts'
import { managementKey } from './pom.ts'
import type { PomDependency } from './pom.ts'

export interface EffectivePom extends Gav {
  readonly dependencies: readonly PomDependency[]
  /** Managed dependencies, with those of imported BOMs; empty unless the POM is read as a BOM. */
  readonly managed: readonly PomDependency[]
  readonly relocation: Partial<Gav> | undefined
  readonly repositoryUrls: readonly string[]
  /** Why Maven ignores the dependencies of this POM; undefined for a valid POM. */
  readonly fault: string | undefined
}

export interface BomReader {
  /** Starts to fetch the BOM. */
  warm(bom: Gav): void
  /** `importers` are the POMs that import it directly or indirectly, outermost first. */
  managedOf(bom: Gav, importers: readonly string[]): Promise<readonly PomDependency[]>
}

/**
 * Reads imported BOMs from `boms`, unless they have nothing to manage. Errors: those of `boms`;
 * `PACKAGE_INVALID` for values that refer to themselves or grow too long, and for BOMs that import
 * each other.
 */
export async function toEffectivePom(
  pom: MergedPom,
  java: JavaPlatform,
  boms: BomReader,
  { isBom, importers = [] }: { readonly isBom: boolean; readonly importers?: readonly string[] },
): Promise<EffectivePom> {
  const fill = createInterpolator(lookUpsIn(pom, java))
  // As in Maven, a value that refers to itself is a fault even when it is not used.
  for (const text of [...pom.properties.values(), ...pom.texts.values()]) fill(text)
  const dependencies = pom.dependencies.map((dependency) => fillIn(dependency, fill))
  const isManaging = isBom || dependencies.length > 0 || pom.relocation !== undefined
  const own = isManaging ? pom.managed.map((dependency) => fillIn(dependency, fill)) : []
  const gav = {
    groupId: fill(pom.groupId),
    artifactId: fill(pom.artifactId),
    version: fill(pom.version),
  }
  const managed = await withImports(own, [...importers, gavId(gav)], boms)
  const complete = manage(dependencies, managed)
  const fault = faultOf(pom, gav) ?? faultOfAll(complete, true) ?? faultOfAll(managed, false)
  return {
    ...gav,
    dependencies: fault === undefined ? complete : [],
    managed: fault === undefined && isBom ? managed : [],
    relocation:
      fault === undefined && pom.relocation !== undefined
        ? fillRelocation(pom.relocation, fill)
        : undefined,
    repositoryUrls: pom.repositoryUrls.map(fill),
    fault,
  }
}

/**
 * Sources of values, in Maven's order: `project.*`, properties, system properties, names of the
 * project without the prefix.
 */
function lookUpsIn(
  pom: MergedPom,
  java: JavaPlatform,
): readonly ((name: string) => string | undefined)[] {
  const project = new Map<string, string>([
    ...pom.texts,
    ['groupId', pom.groupId],
    ['artifactId', pom.artifactId],
    ['version', pom.version],
    ['packaging', pom.packaging],
    ...Object.entries(pom.parent ?? {}).map(
      ([name, value]) => [`parent.${name}`, String(value)] as const,
    ),
  ])
  const system = systemProperties(java)
  return [
    (name) => project.get(/^(?:project|pom)\.(.+)$/.exec(name)?.[1] ?? ''),
    (name) => pom.properties.get(name),
    (name) => system.get(name),
    (name) => project.get(name),
  ]
}

function fillIn(dependency: PomDependency, fill: (text: string) => string): PomDependency {
  const { groupId, artifactId, version, type, classifier, scope, optional, systemPath } = dependency
  return {
    groupId: fill(groupId),
    artifactId: fill(artifactId),
    version: version && fill(version),
    type: fill(type),
    classifier: classifier && fill(classifier),
    scope: scope && fill(scope),
    optional: optional && (/^true$/i.test(fill(optional)) ? 'true' : 'false'),
    systemPath: systemPath && fill(systemPath),
    exclusions: dependency.exclusions.map((exclusion) => ({
      groupId: fill(exclusion.groupId),
      artifactId: fill(exclusion.artifactId),
    })),
  }
}

function fillRelocation(relocation: Partial<Gav>, fill: (text: string) => string): Partial<Gav> {
  return Object.fromEntries(Object.entries(relocation).map(([name, value]) => [name, fill(value)]))
}

/** Own entries override imported ones; earlier imports override later ones. */
async function withImports(
  managed: readonly PomDependency[],
  importers: readonly string[],
  boms: BomReader,
): Promise<readonly PomDependency[]> {
  const imports = managed.filter(isImport).map(toGav)
  for (const bom of imports) checkImport(bom, importers)
  if (imports.length === 0) return managed
  const merged = new Map(
    managed.filter((entry) => !isImport(entry)).map((entry) => [managementKey(entry), entry]),
  )
  for (const bom of imports) boms.warm(bom)
  // In sequence, so that BOMs imported by several of them are computed once.
  for (const bom of imports) {
    for (const entry of await boms.managedOf(bom, importers)) {
      const key = managementKey(entry)
      if (!merged.has(key)) merged.set(key, entry)
    }
  }
  return [...merged.values()]
}

function checkImport(bom: Gav, importers: readonly string[]): void {
  const id = gavId(bom)
  const why = importers.includes(id)
    ? `BOMs import each other: ${[...importers, id].join(' imports ')}`
    : `it imports ${id}, which has no version`
  if (importers.includes(id) || bom.version === '') throw new JarcastError('PACKAGE_INVALID', why)
}

function toGav({ groupId, artifactId, version = '' }: PomDependency): Gav {
  return { groupId, artifactId, version }
}

function isImport({ type, scope }: PomDependency): boolean {
  return type === 'pom' && scope === 'import'
}

/** Fills absent elements of the dependencies from the managed entries, except `optional`. */
function manage(
  dependencies: readonly PomDependency[],
  managed: readonly PomDependency[],
): readonly PomDependency[] {
  const byKey = new Map<string, PomDependency>()
  for (const entry of managed) {
    const key = managementKey(entry)
    byKey.set(key, fillFrom(byKey.get(key), entry))
  }
  return dependencies.map((dependency) => {
    const filled = fillFrom(dependency, byKey.get(managementKey(dependency)))
    return {
      ...filled,
      scope: filled.scope === undefined || filled.scope === '' ? 'compile' : filled.scope,
    }
  })
}

function fillFrom(
  target: PomDependency | undefined,
  source: PomDependency | undefined,
): PomDependency {
  if (target === undefined || source === undefined) return (target ?? source) as PomDependency
  return {
    ...target,
    version: target.version ?? source.version,
    scope: target.scope ?? source.scope,
    systemPath: target.systemPath ?? source.systemPath,
    exclusions: target.exclusions.length === 0 ? source.exclusions : target.exclusions,
  }
}

function faultOf({ texts, packaging, modules, fault }: MergedPom, gav: Gav): string | undefined {
  if (fault !== undefined) return fault
  if ((texts.get('modelVersion') ?? '') === '') return 'it has no modelVersion'
  if (packaging === '') return 'its packaging is empty'
  if (modules.length > 0 && packaging !== 'pom') return `it has modules, and packaging ${packaging}`
  if (modules.includes('')) return 'one of its modules has no path'
  if (!isId(gav.groupId) || !isId(gav.artifactId)) return `it is named ${gavId(gav)}`
  return gav.version === '' ? 'it has no version' : undefined
}

function faultOfAll(
  dependencies: readonly PomDependency[],
  mustBeWhole: boolean,
): string | undefined {
  for (const dependency of dependencies) {
    const fault = faultOfDependency(dependency, mustBeWhole)
    if (fault !== undefined) return `its dependency ${managementKey(dependency)} ${fault}`
  }
  return undefined
}

function faultOfDependency(dependency: PomDependency, mustBeWhole: boolean): string | undefined {
  const { groupId, artifactId, version = '', type, scope, systemPath = '' } = dependency
  if (!isId(groupId) || !isId(artifactId)) return 'has no valid groupId and artifactId'
  if (mustBeWhole && (version === '' || type === '')) return 'has no version'
  if (scope === 'system')
    return systemPath.startsWith('/') ? undefined : 'has no absolute systemPath'
  return systemPath === '' ? undefined : 'has a systemPath, but not the scope system'
}

function isId(text: string): boolean {
  return /^[\w.-]+$/.test(text)
}
