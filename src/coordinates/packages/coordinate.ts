/** What users write to name a package: `maven:group:artifact:version`, `npm:name@range`. */
import { isPackageName } from '../../domain/libraries/package-name.ts'
import { JarcastError } from '../../errors.ts'

export interface MavenCoordinate {
  readonly kind: 'maven'
  readonly groupId: string
  readonly artifactId: string
  /**
   * Undefined: what a BOM says, else the newest release. May be a range, or `RELEASE`, `LATEST`.
   */
  readonly version: string | undefined
  readonly type: string
  readonly classifier: string | undefined
}

export interface NpmCoordinate {
  readonly kind: 'npm'
  /** Of its folder in `node_modules`. */
  readonly name: string
  /** A version, a range or a tag; of another package for an alias, `npm:NAME@RANGE`. */
  readonly range: string
}

export type Coordinate = MavenCoordinate | NpmCoordinate

const maxLength = 512

/** True for text that names a package and no path. */
export function isCoordinate(text: string): boolean {
  return /^(?:maven|npm):/.test(text)
}

/**
 * Reads `maven:GROUP:ARTIFACT[:VERSION[:TYPE[:CLASSIFIER]]]` and `npm:[ALIAS@npm:]NAME[@RANGE]`,
 * whose range is `latest` by default.
 * Throws `CONFIG_INVALID` saying what it takes.
 */
export function parseCoordinate(text: string): Coordinate {
  if (text.length > maxLength) throw invalidCoordinate(text.slice(0, 50), 'it is too long')
  if (text.startsWith('maven:')) return parseMaven(text)
  if (text.startsWith('npm:')) return parseNpm(text)
  throw invalidCoordinate(text, 'it begins with neither maven: nor npm:')
}

/** The text again, without what is the default anyway: equal coordinates give equal texts. */
export function formatCoordinate(coordinate: Coordinate): string {
  if (coordinate.kind === 'npm') return `npm:${coordinate.name}@${coordinate.range}`
  const { groupId, artifactId, version, type, classifier } = coordinate
  const parts = [groupId, artifactId, version ?? '', type === 'jar' ? '' : type, classifier ?? '']
  return `maven:${parts.join(':').replace(/:+$/, '')}`
}

function parseMaven(text: string): MavenCoordinate {
  const [groupId = '', artifactId = '', version = '', type = '', classifier = '', ...more] = text
    .slice('maven:'.length)
    .split(':')
  if (!isName(groupId) || !isName(artifactId) || more.length > 0) {
    throw invalidCoordinate(text, 'write maven:GROUP:ARTIFACT[:VERSION[:TYPE[:CLASSIFIER]]]')
  }
  if (![type, classifier].every((part) => part === '' || isName(part))) {
    throw invalidCoordinate(text, 'type and classifier are words')
  }
  if (!/^[\w.+~!$=,()[\]\s*-]*$/.test(version)) throw invalidCoordinate(text, 'its version is none')
  return {
    kind: 'maven',
    groupId,
    artifactId,
    version: version === '' ? undefined : version,
    type: type === '' ? 'jar' : type,
    classifier: classifier === '' ? undefined : classifier,
  }
}

function parseNpm(text: string): NpmCoordinate {
  const [name, range] = splitNpm(text.slice('npm:'.length))
  if (!isPackageName(name))
    throw invalidCoordinate(text, 'write npm:NAME[@RANGE], or npm:ALIAS@npm:NAME[@RANGE]')
  if (!range.startsWith('npm:')) return { kind: 'npm', name, range: rangeOf(text, range) }
  const [target, targetRange] = splitNpm(range.slice('npm:'.length))
  if (!isPackageName(target)) throw invalidCoordinate(text, `${name} is an alias of no package`)
  return { kind: 'npm', name, range: `npm:${target}@${rangeOf(text, targetRange)}` }
}

function splitNpm(spec: string): readonly [name: string, range: string] {
  const [, name = '', range = ''] = /^(@?[^@]*)(?:@(.*))?$/s.exec(spec) ?? []
  return [name, range.trim()]
}

function rangeOf(text: string, range: string): string {
  // Addresses, folders and repositories are npm's as well, but nothing that a registry vouches for.
  if (/[:/\\]/.test(range))
    throw invalidCoordinate(text, 'its range is a version, a range or a tag')
  return range === '' ? 'latest' : range
}

function isName(part: string): boolean {
  return /^[\w.-]+$/.test(part)
}

function invalidCoordinate(text: string, why: string): JarcastError {
  const message = `invalid package ${JSON.stringify(text)}: ${why}`
  return new JarcastError('CONFIG_INVALID', message, {
    details: { setting: 'package', package: text },
  })
}
