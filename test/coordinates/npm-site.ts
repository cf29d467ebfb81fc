/** An npm registry on a port of this machine, made of what a test writes down. */
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create } from 'tar'

export interface NpmSite {
  readonly url: string
  readonly folder: string
  readonly requests: string[]
  /** Tarballs by path, to be tampered with. */
  readonly tarballs: Map<string, Buffer>
  /** Answers in place of the packages when it gives true. */
  intercept: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined
  /** Adds a package: `name@version`, with more of its package.json. */
  add(spec: string, manifest?: Readonly<Record<string, unknown>>): Promise<void>
  close(): Promise<void>
}

/** Until it is closed, npm's settings of this process name the site and a cache of its own. */
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
  const settings = {
    npm_config_registry: url,
    npm_config_cache: join(folder, 'npm-cache'),
    // It would wait for ten seconds, then for a minute.
    npm_config_fetch_retries: '0',
  }
  Object.assign(process.env, settings)

  const site: NpmSite = {
    url,
    intercept: undefined,
    folder,
    requests,
    tarballs,
    async add(spec, more = {}) {
      const at = spec.lastIndexOf('@')
      const [name, version] = [spec.slice(0, at), spec.slice(at + 1)]
      const manifest = { name, version, ...more }
      const tarball = await pack(folder, manifest)
      const path = `${name}/-/${version}.tgz`
      tarballs.set(path, tarball)
      const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
      const versions = packages.get(name) ?? new Map<string, Readonly<Record<string, unknown>>>()
      versions.set(version, { ...manifest, dist: { tarball: `${url}${path}`, integrity } })
      packages.set(name, versions)
    },
    async close() {
      for (const name of Object.keys(settings)) delete process.env[name]
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
  return site
}

async function pack(folder: string, manifest: Readonly<Record<string, unknown>>): Promise<Buffer> {
  const place = await mkdtemp(join(folder, 'pack-'))
  await mkdir(join(place, 'package'))
  await writeFile(join(place, 'package', 'package.json'), JSON.stringify(manifest))
  const { name, version } = manifest
  const code = `module.exports = ${JSON.stringify(`${String(name)}@${String(version)}`)}\n`
  await writeFile(join(place, 'package', 'index.js'), code)
  const file = join(place, 'package.tgz')
  await create({ cwd: place, file, gzip: true }, ['package'])
  return await readFile(file)
}
