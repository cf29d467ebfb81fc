/** Coordinates as users write them: `maven:group:artifact:version`, `npm:name@range`. */
import { isPackageName } from '../../domain/libraries/package-name.ts'
import { JarcastError } from '../../errors.ts'

export interface MavenCoordinate {
  readonly kind: 'maven'
  readonly groupId: string
  readonly artifactId: string
  /**
   * A version, a range, `RELEASE` or `LATEST`. Undefined: the version of a BOM, else the newest
   * release.
   */
  readonly version: string | undefined
  readonly type: string
  readonly classifier: string | undefined
}

export interface NpmCoordinate {
  readonly kind: 'npm'
  /** Name of its folder in `node_modules`. */
  readonly name: string
  /** A version, a range or a tag; for an alias `npm:NAME@RANGE`. */
  readonly range: string
}

export type Coordinate = MavenCoordinate | NpmCoordinate

const maxLength = 512

/** True for a coordinate, false for a path. */
export function isCoordinate(text: string): boolean {
  return /^(?:maven|npm):/.test(text)
}

/**
 * Reads `maven:GROUP:ARTIFACT[:VERSION[:TYPE[:CLASSIFIER]]]` and `npm:[ALIAS@npm:]NAME[@RANGE]`,
 * with the default range `latest`. Throws `CONFIG_INVALID`, which names the right form.
 */
export function parseCoordinate(text: string): Coordinate {
  if (text.length > maxLength) throw invalidCoordinate(text.slice(0, 50), 'it is too long')
  if (text.startsWith('maven:')) return parseMaven(text)
  if (text.startsWith('npm:')) return parseNpm(text)
  throw invalidCoordinate(text, 'it begins with neither maven: nor npm:')
}

/** The text of a coordinate without its defaults: equal coordinates have equal texts. */
export function formatCoordinate(coordinate: Coordinate): string {
  if (coordinate.kind === 'npm') return `npm:${coordinate.name}@${coordinate.range}`
  const { groupId, artifactId, version, type, classifier } = coordinate
  const parts = [groupId, artifactId, version ?? '', type === 'jar' ? '' : type, classifier ?? '']
  return `maven:${parts.join(':').replace(/:+$/, '')}`
}

/** The text of the same coordinate in one version. */
export function inVersion(text: string, version: string): string {
  const coordinate = parseCoordinate(text)
  if (coordinate.kind === 'maven') return formatCoordinate({ ...coordinate, version })
  const target = /^npm:(@?[^@]*)/.exec(coordinate.range)?.[1]
  const range = target === undefined ? version : `npm:${target}@${version}`
  return formatCoordinate({ ...coordinate, range })
}

function parseMaven(text: string): MavenCoordinate {
  const [groupId = '', artifactId = '', version = '', type = '', classifier = '', ...more] = text
    .slice('maven:'.length)
    .split(':')
  if (!isName(groupId) || !isName(artifactId) || more.length > 0) {
    throw invalidCoordinate(text, 'write maven:GROUP:ARTIFACT[:VERSION[:TYPE[:CLASSIFIER]]]')
  }
  if (![type, classifier].every((part) => part === '' || isName(part))) {
    throw invalidCoordinate(text, 'its type or classifier is invalid')
  }
  if (!/^[\w.+~!$=,()[\]\s*-]*$/.test(version))
    throw invalidCoordinate(text, 'its version is invalid')
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
  if (!isPackageName(target))
    throw invalidCoordinate(text, `${name} is an alias of an invalid name`)
  return { kind: 'npm', name, range: `npm:${target}@${rangeOf(text, targetRange)}` }
}

function splitNpm(spec: string): readonly [name: string, range: string] {
  const [, name = '', range = ''] = /^(@?[^@]*)(?:@(.*))?$/s.exec(spec) ?? []
  return [name, range.trim()]
}

function rangeOf(text: string, range: string): string {
  // npm also accepts addresses, folders and repositories, but no registry vouches for them.
  if (/[:/\\]/.test(range))
    throw invalidCoordinate(text, 'its range must be a version, a range or a tag')
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
