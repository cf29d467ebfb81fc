/** Fetches tarballs of npm packages into the cache, with npm's own library. */
import { digestFile } from '../http/checksums.ts'
import type { FileCache } from '../http/file-cache.ts'
import { JarcastError } from '../../errors.ts'
import { npmError } from './npm-error.ts'
import type { NpmOptions } from './npm-option-types.ts'
import type { NpmPackage } from './npm-package.ts'

export interface FetchedTarball {
  /** On this machine. */
  readonly file: string
  readonly sha256: string
  readonly sizeBytes: number
  /** From the registry, else computed from the bytes. */
  readonly integrity: string
}

const repository = 'npm'
const algorithms = ['sha512', 'sha384', 'sha256', 'sha1', 'md5'] as const

/** Address and integrity of one version. Rejects with `PACKAGE_NOT_FOUND`, `REGISTRY_…`. */
export async function findManifest(
  name: string,
  version: string,
  options: NpmOptions,
): Promise<{ readonly resolved: string | null; readonly integrity: string | null }> {
  const { default: pacote } = await import('pacote')
  try {
    const found = await pacote.manifest(`${name}@${version}`, options)
    return { resolved: found._resolved ?? null, integrity: found._integrity ?? null }
  } catch (error) {
    throw npmError(error, `npm:${name}@${version}`)
  }
}

/**
 * Without an integrity the bytes are not checked. Rejects with `PACKAGE_CORRUPT` when the bytes
 * differ from the integrity, `PACKAGE_NOT_FOUND`, `REGISTRY_…`.
 */
export async function fetchTarball(
  found: Pick<NpmPackage, 'name' | 'version' | 'resolved' | 'integrity'>,
  options: NpmOptions,
  cache: FileCache,
): Promise<FetchedTarball> {
  const { name, version, resolved, integrity } = found
  const isChecked = integrity !== ''
  const path = `${name.replace('/', '+')}/${version}/${isChecked ? hexOf(integrity) : 'unchecked'}.tgz`
  const file = cache.pathOf(repository, path)
  const isCached = isChecked && (await cache.has(repository, path))
  const cached = isCached ? await check(file, integrity) : undefined
  if (cached !== undefined) return cached
  const { default: pacote } = await import('pacote')
  try {
    await cache.put(repository, path, async (temporary) => {
      await pacote.tarball.file(`${name}@${mirrored(resolved, options)}`, temporary, {
        ...options,
        allowRemote: 'all',
        replaceRegistryHost: 'never',
        ...(isChecked ? { integrity } : {}),
      })
    })
  } catch (error) {
    throw npmError(error, `npm:${name}@${version}`)
  }
  const fetched = await check(file, integrity)
  if (fetched !== undefined) return fetched
  const message = `npm:${name}@${version} does not match its integrity`
  throw new JarcastError('PACKAGE_CORRUPT', message, { details: { package: `npm:${name}` } })
}

/**
 * The tarball's address at the configured registry, where a lock or description names the public
 * registry. Source: npm's `replace-registry-host`, and `registryResolved` of its `reify.js`.
 */
function mirrored(
  resolved: string,
  { registry, publicRegistry, replaceRegistryHost: replaced }: NpmOptions,
): string {
  const [from, to] = [new URL(resolved), toUrl(registry)]
  const prefix = toUrl(replaced)
  const isPublic = replaced === 'npmjs' || !replaced
  const host = prefix?.hostname ?? (isPublic ? toUrl(publicRegistry)?.hostname : replaced)
  const oldPath = prefix?.pathname.replace(/\/$/, '') ?? ''
  const isBelow = (path: string): boolean => from.pathname.startsWith(`${path}/`)
  if (to === undefined || replaced === 'never' || !isBelow(oldPath)) return resolved
  if (replaced !== 'always' && host !== from.hostname) return resolved
  const newPath = to.pathname.replace(/\/$/, '')
  const isThere = oldPath === '' && newPath !== '' && isBelow(newPath)
  return new URL(isThere ? from.pathname : newPath + from.pathname.slice(oldPath.length), to).href
}

function toUrl(value: unknown): URL | undefined {
  return typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined
}

/** Undefined when the file does not match the integrity. */
async function check(file: string, integrity: string): Promise<FetchedTarball | undefined> {
  const [algorithm, expected] = integrity === '' ? unchecked : strongest(integrity)
  const { digests, sizeBytes } = await digestFile(file, [algorithm, 'sha256'])
  const [digest = '', sha256 = ''] = digests
  if (integrity !== '')
    return expected.includes(digest) ? { file, sha256, sizeBytes, integrity } : undefined
  const own = `${algorithm}-${Buffer.from(digest, 'hex').toString('base64')}`
  return { file, sha256, sizeBytes, integrity: own }
}

const unchecked = ['sha512', [] as readonly string[]] as const

/**
 * The digests of the strongest algorithm, any of which may match. Source: W3C Subresource
 * Integrity.
 */
function strongest(
  integrity: string,
): readonly [(typeof algorithms)[number], readonly [string, ...string[]]] {
  const given = integrity.trim().split(/\s+/)
  for (const algorithm of algorithms) {
    const [first, ...more] = given.flatMap((part) => {
      const [base64] = part.startsWith(`${algorithm}-`)
        ? part.slice(algorithm.length + 1).split('?')
        : []
      return base64 === undefined ? [] : [Buffer.from(base64, 'base64').toString('hex')]
    })
    if (first !== undefined) return [algorithm, [first, ...more]]
  }
  const message = `integrity ${integrity.slice(0, 50)} has an unknown algorithm`
  throw new JarcastError('PACKAGE_UNRESOLVABLE', message)
}

function hexOf(integrity: string): string {
  return strongest(integrity)[1][0].slice(0, 40)
}
