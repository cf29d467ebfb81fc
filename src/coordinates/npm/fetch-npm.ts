/** Tarballs of npm packages, by npm's own library, into the cache. */
import { digestFile } from '../checksums.ts'
import type { FileCache } from '../file-cache.ts'
import { JarcastError } from '../../errors.ts'
import { npmError } from './npm-options.ts'
import type { NpmOptions } from './npm-options.ts'
import type { NpmPackage } from './resolve-npm.ts'

export interface FetchedTarball {
  /** On this machine. */
  readonly file: string
  readonly sha256: string
  readonly sizeBytes: number
}

const repository = 'npm'
const algorithms = ['sha512', 'sha256', 'sha1'] as const

/**
 * Brings the tarball onto this machine. Rejects with `PACKAGE_CORRUPT` when its bytes are not those of its integrity,
 * `PACKAGE_NOT_FOUND`, `REGISTRY_…`.
 */
export async function fetchTarball(
  found: Pick<NpmPackage, 'name' | 'version' | 'resolved' | 'integrity'>,
  options: NpmOptions,
  cache: FileCache,
): Promise<FetchedTarball> {
  const { name, version, resolved, integrity } = found
  const path = `${name.replace('/', '+')}/${version}/${hexOf(integrity)}.tgz`
  const file = cache.pathOf(repository, path)
  const cached = (await cache.has(repository, path)) ? await check(file, integrity) : undefined
  if (cached !== undefined) return cached
  const { default: pacote } = await import('pacote')
  try {
    await cache.put(repository, path, async (temporary) => {
      await pacote.tarball.file(`${name}@${version}`, temporary, {
        ...options,
        resolved,
        integrity,
      })
    })
  } catch (error) {
    throw npmError(error, `npm:${name}@${version}`)
  }
  const fetched = await check(file, integrity)
  if (fetched !== undefined) return fetched
  const message = `npm:${name}@${version} is not what its integrity says`
  throw new JarcastError('PACKAGE_CORRUPT', message, { details: { package: `npm:${name}` } })
}

/** Undefined when the bytes have another digest. */
async function check(file: string, integrity: string): Promise<FetchedTarball | undefined> {
  const [algorithm, expected] = strongest(integrity)
  const { digests, sizeBytes } = await digestFile(file, [algorithm, 'sha256'])
  const [digest = '', sha256 = ''] = digests
  return digest === expected ? { file, sha256, sizeBytes } : undefined
}

/** Source: W3C Subresource Integrity: of several the strongest counts. */
function strongest(integrity: string): readonly [(typeof algorithms)[number], string] {
  const given = integrity.trim().split(/\s+/)
  for (const algorithm of algorithms) {
    const found = given.find((part) => part.startsWith(`${algorithm}-`))
    const base64 = found?.slice(algorithm.length + 1).split('?')[0]
    if (base64 !== undefined) return [algorithm, Buffer.from(base64, 'base64').toString('hex')]
  }
  const message = `integrity ${integrity.slice(0, 50)} is of a kind that is not known`
  throw new JarcastError('PACKAGE_UNRESOLVABLE', message)
}

function hexOf(integrity: string): string {
  return strongest(integrity)[1].slice(0, 40)
}
