/** The repositories of a resolution, with mirrors, proxies and credentials applied. */
import { createHash } from 'node:crypto'
import { JarcastError, withoutUserinfo } from '../../../errors.ts'
import { takeUserinfo } from '../../http/userinfo.ts'
import type {
  MavenSettings,
  MirrorSettings,
  RepositorySettings,
} from '../settings/settings-elements.ts'

export interface Repository {
  readonly id: string
  /** Ends in a slash. */
  readonly url: URL
  readonly hasReleases: boolean
  readonly hasSnapshots: boolean
  /** Secret: they may contain credentials. */
  readonly headers: Readonly<Record<string, string>>
  readonly proxy: string | undefined
  /** Name of its folder in the cache, unique for each id and address. */
  readonly cacheKey: string
}

/** Maven's default repository, asked last. */
const central: RepositorySettings = {
  id: 'central',
  url: 'https://repo.maven.apache.org/maven2',
  hasReleases: true,
  hasSnapshots: false,
}

/**
 * The repositories in the order of requests: `more` (each `URL` or `id::URL`), those of the
 * settings, Maven Central. Throws `CONFIG_INVALID` for an invalid or blocked address; plain HTTP to
 * other machines is blocked.
 */
export function toRepositories(
  settings: MavenSettings,
  more: readonly string[] = [],
): readonly Repository[] {
  const named = [...more.map(parseRepository), ...settings.repositories, central]
  const resolved = named.map((repository) => toRepository(repository, settings))
  const keys = resolved.map(({ cacheKey }) => cacheKey)
  // Several repositories may have one mirror.
  const merged = resolved.filter(({ cacheKey }, index) => keys.indexOf(cacheKey) === index)
  return merged.map((repository) => {
    const same = resolved.filter(({ cacheKey }) => cacheKey === repository.cacheKey)
    return {
      ...repository,
      hasReleases: same.some(({ hasReleases }) => hasReleases),
      hasSnapshots: same.some(({ hasSnapshots }) => hasSnapshots),
    }
  })
}

function parseRepository(text: string): RepositorySettings {
  // A password may contain colons too.
  const [, id, named] = /^([\w.-]+)::(.*)$/s.exec(text) ?? []
  const url = named ?? text
  return {
    // Ids appear in messages and folder names: no credentials.
    id: id ?? withoutUserinfo(url).replace(/[?#].*$/s, ''),
    url,
    hasReleases: true,
    hasSnapshots: true,
  }
}

function toRepository(repository: RepositorySettings, settings: MavenSettings): Repository {
  const mirror = findMirror(repository, settings.mirrors)
  const { id, url } = mirror ?? repository
  const given = takeUserinfo(parseUrl(id, url))
  const parsed = given.url
  if (mirror?.isBlocked === true || (mirror === undefined && isExternalHttp(parsed))) {
    const address = `${parsed.origin}${parsed.pathname}`
    throw invalidRepository(
      id,
      `${address} is blocked: plain HTTP is allowed for this machine only; use https or a mirror`,
    )
  }
  const server = settings.servers.find((known) => known.id === id)
  // The address may contain user and password instead.
  const user = server?.username ?? given.user
  const password = server?.password ?? given.password
  return {
    id,
    url: parsed,
    hasReleases: repository.hasReleases,
    hasSnapshots: repository.hasSnapshots,
    headers: {
      ...(user === '' ? {} : { authorization: basic(user, password) }),
      ...server?.headers,
    },
    proxy: proxyFor(parsed, settings),
    cacheKey: `${id.replaceAll(/[^\w.-]/g, '_').slice(0, 40)}-${hashOf(parsed.href)}`,
  }
}

/** The first mirror that names the repository, else the first whose pattern matches. */
function findMirror(
  repository: RepositorySettings,
  mirrors: readonly MirrorSettings[],
): MirrorSettings | undefined {
  return (
    mirrors.find(({ mirrorOf }) => mirrorOf === repository.id) ??
    mirrors.find(({ mirrorOf }) => isMirrored(repository, mirrorOf))
  )
}

function isMirrored({ id, url }: RepositorySettings, pattern: string): boolean {
  const parts = pattern.split(',').map((part) => part.trim())
  if (parts.includes(`!${id}`)) return false
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  return parts.some((part) => {
    if (part === id || part === '*') return true
    if (parsed === undefined || isThisMachine(parsed)) return false
    return part === 'external:*' || (part === 'external:http:*' && parsed.protocol === 'http:')
  })
}

function isExternalHttp(url: URL): boolean {
  return url.protocol === 'http:' && !isThisMachine(url)
}

function isThisMachine({ protocol, hostname }: URL): boolean {
  return (
    protocol === 'file:' ||
    hostname === 'localhost' ||
    hostname === '127.0.0.1' ||
    hostname === '[::1]'
  )
}

function proxyFor(url: URL, { proxies }: MavenSettings): string | undefined {
  const proxy =
    proxies.find(({ protocol }) => `${protocol}:` === url.protocol) ??
    // As in Maven, the proxy for HTTP also serves HTTPS.
    (url.protocol === 'https:' ? proxies.find(({ protocol }) => protocol === 'http') : undefined)
  if (proxy === undefined || proxy.noProxy.some((pattern) => fits(url.hostname, pattern)))
    return undefined
  return proxy.url
}

function fits(host: string, pattern: string): boolean {
  const parts = pattern.toLowerCase().split('*')
  if (parts.length === 1) return host === pattern.toLowerCase()
  const [first = ''] = parts
  const last = parts.at(-1) ?? ''
  return host.length >= first.length + last.length && host.startsWith(first) && host.endsWith(last)
}

function parseUrl(id: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text.endsWith('/') ? text : `${text}/`) : undefined
  if (url !== undefined && ['http:', 'https:'].includes(url.protocol)) return url
  throw invalidRepository(id, 'needs an http or https address')
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

function invalidRepository(id: string, why: string): JarcastError {
  return new JarcastError('CONFIG_INVALID', `Maven repository ${id} ${why}`, {
    details: { setting: 'repository', repository: id },
  })
}
