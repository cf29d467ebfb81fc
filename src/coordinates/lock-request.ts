/** The request in a lock file: equal requests need equal locks. */
import { defined } from '../defined.ts'
import { isRecord } from '../domain/json.ts'
import { configInvalid, JarcastError } from '../errors.ts'
import { formatCoordinate, parseCoordinate } from './packages/coordinate.ts'
import { toPlatform } from './maven/model/platform.ts'
import type { MavenLock, NpmLock, PackageLock } from './packages/package-lock.ts'
import type { PackageRequest, ResolveOptions } from './packages/packages.ts'
import { isSameRequest } from './packages/same-request.ts'

export interface LockRequests {
  readonly maven: MavenLock['request'] | undefined
  readonly npm: NpmLock['request'] | undefined
}

/** The normalized requests, by kind. Throws `CONFIG_INVALID` for an invalid coordinate. */
export function toLockRequests(request: PackageRequest, options: ResolveOptions): LockRequests {
  const { packages, boms = [], exclusions = [], overrides } = request
  if (overrides !== undefined && !isRecord(overrides))
    throw configInvalid('overrides', 'overrides must be an object, as in a package.json')
  const coordinates = packages.map(parseCoordinate)
  const textsOf = (kind: 'maven' | 'npm'): readonly string[] => [
    ...new Set(coordinates.filter((found) => found.kind === kind).map(formatCoordinate)),
  ]
  const [maven, npm] = [textsOf('maven'), textsOf('npm')]
  const { javaVersion, osName, osArch } = toPlatform(options)
  const {
    os = process.platform,
    cpu = process.arch,
    libc,
    nodeVersion = process.version,
  } = options.platform ?? {}
  return {
    maven:
      maven.length === 0
        ? undefined
        : {
            packages: maven,
            boms: boms.map((bom) => formatCoordinate(parseCoordinate(bom))),
            exclusions: exclusions.toSorted(),
            platform: { javaVersion, osName, osArch },
          },
    // The version of Node is checked, but does not affect the choice of versions.
    npm:
      npm.length === 0
        ? undefined
        : {
            packages: npm.toSorted(),
            ...(overrides && Object.keys(overrides).length > 0 && { overrides }),
            platform: { os, cpu, ...defined({ libc }), nodeMajor: majorOf(nodeVersion) },
          },
  }
}

function majorOf(version: string): string {
  return version.replace(/^v/, '').split('.')[0] ?? ''
}

/** Throws `PACKAGE_LOCK_OUTDATED` unless the lock exists and is for this request. */
export function checkFrozen(
  wanted: LockRequests,
  previous: PackageLock | undefined,
  lockFile: string | undefined,
): void {
  const isSame =
    previous !== undefined &&
    isSameRequest(wanted.maven, previous.maven?.request) &&
    isSameRequest(wanted.npm, previous.npm?.request)
  if (isSame) return
  const why =
    previous === undefined ? 'is missing' : 'is for other packages, BOMs, exclusions or agents'
  const message = `lock file ${lockFile ?? '(none is named)'} ${why}; resolve without --frozen to write it`
  throw new JarcastError('PACKAGE_LOCK_OUTDATED', message, { details: { path: lockFile ?? '' } })
}
