/**
 * Conflicts between the jars of a class path, found before a JVM starts. The first jar with a class
 * wins.
 * Source: Java SE, `java` command, "-cp"; JAR File Specification, "Class-Path Attribute", "Package
 * Sealing".
 */
import type { JarIndex } from './jar-index.ts'
import { findVersionConflicts } from './version-conflicts.ts'
import type { VersionConflict } from './version-conflicts.ts'

export interface ClassPathReport {
  /**
   * In search order: the order of the set; jars that a manifest adds follow the jar that adds them.
   */
  readonly classPath: readonly string[]
  readonly classCount: number
  readonly versions: readonly VersionConflict[]
  readonly duplicates: readonly DuplicateClasses[]
  readonly splitPackages: readonly SplitPackage[]
  readonly unreadable: readonly { readonly jar: string; readonly reason: string }[]
  /**
   * True if a task may load another class than its library was compiled with: different classes of
   * one name, two versions of an artifact, a split package that is sealed or signed, an unreadable
   * jar.
   */
  readonly isHarmful: boolean
}

/** Classes that are in exactly these jars. */
export interface DuplicateClasses {
  /** The jar whose classes are loaded. */
  readonly used: string
  readonly unused: readonly string[]
  /** Sorted names of classes that differ between the jars. */
  readonly different: readonly string[]
  /** Sorted names of classes with the same bytes in all jars. */
  readonly identical: readonly string[]
}

/** A package whose classes are loaded from more than one jar. */
export interface SplitPackage {
  readonly name: string
  /** In class-path order. */
  readonly jars: readonly string[]
  /**
   * One of the jars is signed or sealed: the JVM may refuse the others' classes with a
   * SecurityException.
   */
  readonly isGuarded: boolean
}

/** Depends only on the jars and their order. Names of jars must be unique. */
export function findClassPathConflicts(jars: readonly JarIndex[]): ClassPathReport {
  const ordered = inSearchOrder(jars)
  const owners = findOwners(ordered)
  const versions = findVersionConflicts(ordered)
  const duplicates = findDuplicates(ordered, owners.several)
  const splitPackages = findSplitPackages(ordered, owners.first)
  const unreadable = ordered.flatMap(({ name, fault }) =>
    fault === undefined ? [] : [{ jar: name, reason: fault }],
  )
  return {
    classPath: ordered.map(({ name }) => name),
    classCount: owners.first.size,
    versions,
    duplicates,
    splitPackages,
    unreadable,
    isHarmful:
      versions.length > 0 ||
      unreadable.length > 0 ||
      duplicates.some(({ different }) => different.length > 0) ||
      splitPackages.some(({ isGuarded }) => isGuarded),
  }
}

/**
 * A JVM searches the jars that a manifest adds before the rest of the class path, and each jar
 * once.
 */
function inSearchOrder(jars: readonly JarIndex[]): readonly JarIndex[] {
  const byName = new Map(jars.map((jar) => [jar.name, jar]))
  const ordered = new Set<JarIndex>()
  const waiting = jars.toReversed()
  for (let jar = waiting.pop(); jar !== undefined; jar = waiting.pop()) {
    if (ordered.has(jar)) continue
    ordered.add(jar)
    const added = jar.classPath.flatMap((name) => byName.get(name) ?? [])
    waiting.push(...added.toReversed())
  }
  return [...ordered]
}

interface Owners {
  /** Position of the first jar that has the class. */
  readonly first: ReadonlyMap<string, number>
  /** Positions of all jars, for classes that are in more than one. */
  readonly several: ReadonlyMap<string, readonly number[]>
}

function findOwners(jars: readonly JarIndex[]): Owners {
  const first = new Map<string, number>()
  const several = new Map<string, number[]>()
  for (const [position, { classes }] of jars.entries()) {
    for (const name of classes.keys()) {
      const owner = first.get(name)
      if (owner === undefined) first.set(name, position)
      else if (several.get(name)?.push(position) === undefined) several.set(name, [owner, position])
    }
  }
  return { first, several }
}

function findDuplicates(
  jars: readonly JarIndex[],
  several: Owners['several'],
): readonly DuplicateClasses[] {
  const groups = new Map<string, { positions: readonly number[]; names: string[] }>()
  for (const [name, positions] of several) {
    const key = positions.join(' ')
    const group = groups.get(key) ?? { positions, names: [] }
    groups.set(key, group)
    group.names.push(name)
  }
  return [...groups.values()]
    .toSorted((one, other) => comparePositions(one.positions, other.positions))
    .map(({ positions, names }) => {
      const [used = '', ...unused] = namesAt(jars, positions)
      const [first, ...others] = positions.map((position) => jars[position]?.classes)
      const isSame = (name: string): boolean =>
        others.every((classes) => classes?.get(name) === first?.get(name))
      const sorted = names.toSorted()
      const identical = sorted.filter(isSame)
      const same = new Set(identical)
      const different = sorted.filter((name) => !same.has(name))
      return { used, unused, different: dotted(different), identical: dotted(identical) }
    })
}

function findSplitPackages(
  jars: readonly JarIndex[],
  first: Owners['first'],
): readonly SplitPackage[] {
  const packages = new Map<string, Set<number>>()
  for (const [name, position] of first) {
    const end = name.lastIndexOf('/')
    // Every jar may have classes in the unnamed package.
    if (end < 0) continue
    const packageName = name.slice(0, end)
    const owners = packages.get(packageName)
    if (owners === undefined) packages.set(packageName, new Set([position]))
    else owners.add(position)
  }
  return [...packages]
    .filter(([, owners]) => owners.size > 1)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, owners]) => {
      const positions = [...owners].toSorted((one, other) => one - other)
      const isGuarded = positions.some(
        (position) => jars[position]?.isSigned === true || jars[position]?.isSealed === true,
      )
      return { name: name.replaceAll('/', '.'), jars: namesAt(jars, positions), isGuarded }
    })
}

function comparePositions(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((position, index) => position !== other[index])
  return at < 0 ? one.length - other.length : (one[at] ?? 0) - (other[at] ?? -1)
}

function namesAt(jars: readonly JarIndex[], positions: readonly number[]): readonly string[] {
  return positions.map((position) => jars[position]?.name ?? '')
}

function dotted(names: readonly string[]): readonly string[] {
  return names.map((name) => name.replaceAll('/', '.'))
}
