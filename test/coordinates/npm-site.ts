/** An npm registry on this machine, with packages that a test adds. */
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { create } from 'tar'

export interface NpmSite {
  readonly url: string
  readonly folder: string
  readonly requests: string[]
  /** Tarballs by path; tests may change them. */
  readonly tarballs: Map<string, Buffer>
  /** Replaces the usual response when it returns true. */
  intercept: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined
  /** Adds a package, `name@version`, with further fields of its package.json. */
  add(
    spec: string,
    manifest?: Readonly<Record<string, unknown>>,
    tarball?: SiteTarball,
  ): Promise<void>
  close(): Promise<void>
}

export interface SiteTarball {
  /** Default `package`. */
  readonly topFolder?: string
  /** Besides package.json and index.js. */
  readonly files?: Readonly<Record<string, string>>
  /** Kind of checksum in the registry. Default an integrity with SHA-512. */
  readonly checksum?: 'none' | 'shasum'
  /** Overrides fields of package.json in the registry's description. */
  readonly described?: Readonly<Record<string, unknown>>
}

/** Until `close`, the npm settings of this process name the site and a cache of its own. */
export async function startNpmSite(): Promise<NpmSite> {
  const folder = await mkdtemp(join(tmpdir(), 'jarcast-npm-site-'))
  const tarballs = new Map<string, Buffer>()
  const packages = new Map<string, Map<string, Readonly<Record<string, unknown>>>>()
  const requests: string[] = []
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '').slice(1))
    requests.push(path)
    if (site.intercept?.(request, response) === true) return
    const versions = packages.get(path)
    const latest = [...(versions?.keys() ?? [])].at(-1)
    const answer =
      versions === undefined
        ? tarballs.get(path)
        : JSON.stringify({
            name: path,
            'dist-tags': { latest },
            versions: Object.fromEntries(versions),
          })
    response.statusCode = answer === undefined ? 404 : 200
    response.end(answer ?? '{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const before = npmSettings()
  const settings = {
    npm_config_registry: url,
    npm_config_cache: join(folder, 'npm-cache'),
    // npm would wait for ten seconds, then for a minute.
    npm_config_fetch_retries: '0',
  }
  Object.assign(process.env, settings)

  const site: NpmSite = {
    url,
    intercept: undefined,
    folder,
    requests,
    tarballs,
    async add(spec, more = {}, { checksum, described, ...tarballOptions } = {}) {
      const at = spec.lastIndexOf('@')
      const [name, version] = [spec.slice(0, at), spec.slice(at + 1)]
      const manifest = { name, version, ...more }
      const tarball = await pack(folder, manifest, tarballOptions)
      const path = `${name}/-/${name.split('/').at(-1)}-${version}.tgz`
      tarballs.set(path, tarball)
      const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
      const shasum = createHash('sha1').update(tarball).digest('hex')
      const checksums =
        checksum === 'none' ? {} : checksum === 'shasum' ? { shasum } : { integrity }
      const versions = packages.get(name) ?? new Map<string, Readonly<Record<string, unknown>>>()
      const dist = { tarball: `${url}${path}`, ...checksums }
      versions.set(version, { ...manifest, ...described, dist })
      packages.set(name, versions)
    },
    async close() {
      // A test may have set further variables.
      for (const [name] of npmSettings()) delete process.env[name]
      Object.assign(process.env, Object.fromEntries(before))
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      // npm may still write to its cache.
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 })
    },
  }
  return site
}

async function pack(
  folder: string,
  manifest: Readonly<Record<string, unknown>>,
  { topFolder = 'package', files = {} }: SiteTarball,
): Promise<Buffer> {
  const place = await mkdtemp(join(folder, 'pack-'))
  const { name, version } = manifest
  const code = `module.exports = ${JSON.stringify(`${String(name)}@${String(version)}`)}\n`
  const all = { 'package.json': JSON.stringify(manifest), 'index.js': code, ...files }
  for (const [path, content] of Object.entries(all)) {
    await mkdir(dirname(join(place, topFolder, path)), { recursive: true })
    await writeFile(join(place, topFolder, path), content)
  }
  const file = join(place, 'package.tgz')
  await create({ cwd: place, file, gzip: true }, [topFolder])
  return await readFile(file)
}

function npmSettings(): readonly (readonly [name: string, value: string | undefined])[] {
  return Object.entries(process.env).filter(([name]) => /^npm_config_/i.test(name))
}
