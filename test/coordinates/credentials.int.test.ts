/** Credentials go to their own registry only. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { resolvePackages } from '../../src/coordinates/resolve-packages.ts'
import { startMavenSite } from './maven-site.ts'
import { startNpmSite } from './npm-site.ts'
import type { NpmSite } from './npm-site.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

/** Another server on this machine, which records the credentials of its requests. */
async function startStranger(): Promise<{ readonly url: string; readonly authorized: unknown[] }> {
  const authorized: unknown[] = []
  const server = createServer((request, response) => {
    authorized.push(request.headers.authorization)
    response.writeHead(404).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, authorized }
}

describe('credentials of npm registries', () => {
  let site: NpmSite
  let authorized: Set<unknown>

  beforeEach(async () => {
    site = await startNpmSite()
    closers.push(site.close)
    await site.add('a@1.0.0')
    authorized = new Set()
    site.intercept = (request) => {
      authorized.add(request.headers.authorization)
      return false
    }
  })

  function configure(lines: readonly string[]): void {
    const file = join(site.folder, '.npmrc')
    writeFileSync(file, lines.join('\n'))
    process.env['npm_config_userconfig'] = file
    closers.push(() => Promise.resolve(void delete process.env['npm_config_userconfig']))
  }

  const resolve = (isOffline = false) =>
    resolvePackages(
      { packages: ['npm:a'] },
      {
        cacheFolder: join(site.folder, 'cache'),
        lockFile: join(site.folder, 'lock.json'),
        isOffline,
      },
    )

  it('go to the registry', async () => {
    configure([`${site.url.slice('http:'.length)}:_authToken=hush`])
    await resolve()
    expect(authorized).toEqual(new Set(['Bearer hush']))
  })

  it.each(['packument', 'tarball'])('do not follow a redirect of the %s', async (what) => {
    const stranger = await startStranger()
    configure([
      `${site.url.slice('http:'.length)}:_authToken=hush`,
      // A credential for the other server must not let this one through.
      `${stranger.url.slice('http:'.length)}:_authToken=other`,
    ])
    site.intercept = (request, response) => {
      if (request.url?.endsWith('.tgz') !== (what === 'tarball')) return false
      response.writeHead(302, { location: `${stranger.url}x` }).end()
      return true
    }
    await expect(resolve()).rejects.toMatchObject({ code: 'PACKAGE_NOT_FOUND' })
    expect(new Set(stranger.authorized)).toEqual(new Set([undefined]))
  })

  it('of an https registry are not sent by plain HTTP', async () => {
    configure([
      `registry=https://127.0.0.1:1/`,
      `${site.url.slice('http:'.length)}:_authToken=hush`,
    ])
    delete process.env['npm_config_registry']
    const { guardedAgents } = await import('../../src/coordinates/npm/credential-guard.ts')
    const { readNpmOptions } = await import('../../src/coordinates/npm/npm-options.ts')
    const options = await readNpmOptions(false)
    const agent = guardedAgents(options)(new URL(site.url))
    const { get } = await import('node:http')
    await new Promise((resolve) => {
      get(site.url, { agent, headers: { authorization: 'Bearer hush' } }, (answer) => {
        answer.resume().once('end', resolve)
      })
    })
    expect(authorized).toEqual(new Set([undefined]))
  })

  it('in its address stay out of lock file, cache and errors', async () => {
    process.env['npm_config_registry'] = site.url.replace('//', '//me:p%40hush@')
    await resolve()
    expect(authorized).toEqual(new Set([`Basic ${btoa('me:p@hush')}`]))
    expect(readFileSync(join(site.folder, 'lock.json'), 'utf8')).not.toContain('hush')
    expect(readdirSync(site.folder, { recursive: true }).join('\n')).not.toContain('hush')
    site.intercept = (_, response) => {
      response.writeHead(500).end('<html>hush</html>')
      return true
    }
    const failing = resolvePackages({ packages: ['npm:b'] }, { cacheFolder: site.folder })
    const error: unknown = await failing.catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'REGISTRY_UNREACHABLE' })
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('hush')
  })
})

describe('credentials in addresses of Maven repositories', () => {
  it.each([
    ['alone', (url: string) => url.replace('//', '//me:p%40::hush@')],
    ['with an id', (url: string) => `mine::${url.replace('//', '//me:p%40::hush@')}`],
  ])('%s are sent, and stay out of names, warnings and errors', async (_, address) => {
    const site = await startMavenSite()
    closers.push(site.close)
    site.add('g:a:1')
    site.hasChecksums = false
    const authorized = new Set<unknown>()
    site.intercept = (request) => {
      authorized.add(request.headers.authorization)
      return false
    }
    const warnings: string[] = []
    const settings = join(site.folder, 'settings.xml')
    writeFileSync(settings, '<settings/>')
    const options = {
      repositories: [address(site.url)],
      mavenSettings: settings,
      cacheFolder: join(site.folder, 'cache'),
      localRepository: false as const,
      onWarning: (message: string) => warnings.push(message),
    }
    await resolvePackages({ packages: ['maven:g:a:1'] }, options)
    expect(authorized).toEqual(new Set([`Basic ${btoa('me:p@::hush')}`]))
    expect(warnings.join('\n')).toContain('has no checksum')
    site.intercept = (_request, response) => {
      response.writeHead(403).end('hush')
      return true
    }
    const failing = resolvePackages({ packages: ['maven:g:b:1'] }, options)
    const error: unknown = await failing.catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'REGISTRY_REJECTED' })
    const left = [
      ...warnings,
      inspect(error, { depth: 10, showHidden: true }),
      ...readdirSync(site.folder, { recursive: true }),
    ]
    expect(left.join('\n')).not.toMatch(/hush|%40|\/\/me/)
  })

  it.each(['https://me:hu/hush@host/', 'me::https://me:hush@', 'http://me:hush@repo.example/'])(
    'stay out of errors of an invalid address: %s',
    async (address) => {
      const failing = resolvePackages({ packages: ['maven:g:a:1'] }, { repositories: [address] })
      const error: unknown = await failing.catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'CONFIG_INVALID' })
      expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/hu\//)
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('hush')
    },
  )

  it('stay out of errors of settings that are not XML', async () => {
    const site = await startMavenSite()
    closers.push(site.close)
    const mavenSettings = join(site.folder, 'settings.xml')
    const server = '<server><id>a</id><password>x<hush</password></server>'
    writeFileSync(mavenSettings, `<settings><servers>${server}</servers></settings>`)
    const failing = resolvePackages({ packages: ['maven:g:a:1'] }, { mavenSettings })
    const error: unknown = await failing.catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' })
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('hush')
  })
})
