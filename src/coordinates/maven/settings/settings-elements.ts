/**
 * The elements of Maven's `settings.xml` that concern repositories.
 * Source: Maven's "Settings Reference", "Using Mirrors for Repositories", "Password Encryption".
 */
import { JarcastError } from '../../../errors.ts'
import { elementOf, elementsOf, textOf, textsOf } from '../../xml/elements.ts'
import type { XmlElement } from '../../xml/elements.ts'
import type { JavaPlatform } from '../model/platform.ts'
import { activeProfiles } from '../model/profiles.ts'

export interface RepositorySettings {
  readonly id: string
  readonly url: string
  readonly hasReleases: boolean
  readonly hasSnapshots: boolean
}

export interface MirrorSettings {
  readonly id: string
  readonly url: string
  /** Such as `central`, `*`, `external:*,!intern`. */
  readonly mirrorOf: string
  readonly isBlocked: boolean
}

export interface ServerSettings {
  readonly id: string
  readonly username: string | undefined
  /** Secret. */
  readonly password: string | undefined
  readonly headers: Readonly<Record<string, string>>
}

export interface ProxySettings {
  readonly protocol: string
  /** Secret: it may contain a password. */
  readonly url: string
  readonly noProxy: readonly string[]
}

export interface MavenSettings {
  readonly repositories: readonly RepositorySettings[]
  readonly mirrors: readonly MirrorSettings[]
  readonly servers: readonly ServerSettings[]
  readonly proxies: readonly ProxySettings[]
  readonly localRepository: string | undefined
  readonly isOffline: boolean
}

type Fill = (text: string) => string

/** `fill` replaces properties. Throws `CONFIG_INVALID` for an encrypted password. */
export function toSettings(settings: XmlElement, java: JavaPlatform, fill: Fill): MavenSettings {
  const localRepository = textOf(settings, 'localRepository')
  return {
    repositories: activeProfileElements(settings, java).flatMap((profile) =>
      elementsOf(elementOf(profile, 'repositories'), 'repository').map((found) =>
        toRepository(found, fill),
      ),
    ),
    mirrors: elementsOf(elementOf(settings, 'mirrors'), 'mirror').map((mirror) => ({
      id: fill(textOf(mirror, 'id') ?? 'default'),
      url: fill(textOf(mirror, 'url') ?? ''),
      mirrorOf: fill(textOf(mirror, 'mirrorOf') ?? ''),
      isBlocked: textOf(mirror, 'blocked') === 'true',
    })),
    servers: elementsOf(elementOf(settings, 'servers'), 'server').map((server) =>
      toServer(server, fill),
    ),
    proxies: elementsOf(elementOf(settings, 'proxies'), 'proxy')
      .filter((proxy) => textOf(proxy, 'active') !== 'false')
      .map((proxy) => toProxy(proxy, fill)),
    localRepository: localRepository && fill(localRepository),
    isOffline: textOf(settings, 'offline') === 'true',
  }
}

/** Profiles named in `<activeProfiles>`, and profiles whose activation matches. */
function activeProfileElements(settings: XmlElement, java: JavaPlatform): readonly XmlElement[] {
  const named = textsOf(elementOf(settings, 'activeProfiles'), 'activeProfile')
  const elements = elementsOf(elementOf(settings, 'profiles'), 'profile')
  const profiles = elements.map((element) => ({
    element,
    id: textOf(element, 'id') ?? '',
    activation: elementOf(element, 'activation'),
    properties: new Map<string, string>(),
    modules: [],
    dependencies: [],
    managed: [],
  }))
  const active = new Set(activeProfiles(profiles, java, new Map()).map(({ id }) => id))
  return profiles
    .filter(({ id }) => named.includes(id) || active.has(id))
    .map(({ element }) => element)
}

function toRepository(repository: XmlElement, fill: Fill): RepositorySettings {
  const isEnabled = (policy: string): boolean =>
    textOf(elementOf(repository, policy), 'enabled') !== 'false'
  return {
    id: fill(textOf(repository, 'id') ?? 'default'),
    url: fill(textOf(repository, 'url') ?? ''),
    hasReleases: isEnabled('releases'),
    hasSnapshots: isEnabled('snapshots'),
  }
}

function toServer(server: XmlElement, fill: Fill): ServerSettings {
  const id = fill(textOf(server, 'id') ?? '')
  const password = textOf(server, 'password')
  if (password !== undefined && isEncrypted(password)) {
    throw new JarcastError(
      'CONFIG_INVALID',
      `the password of server ${id} is encrypted, and only Maven can decrypt it; write \${env.NAME} instead`,
      { details: { server: id } },
    )
  }
  const headers = elementOf(elementOf(server, 'configuration'), 'httpHeaders')
  return {
    id,
    username: fill(textOf(server, 'username') ?? '') || undefined,
    password: password === undefined ? undefined : fill(password),
    headers: Object.fromEntries(
      elementsOf(headers, 'property').map((header) => [
        fill(textOf(header, 'name') ?? ''),
        fill(textOf(header, 'value') ?? ''),
      ]),
    ),
  }
}

/** True for text between unescaped braces. Source: Maven's "Password Encryption". */
function isEncrypted(password: string): boolean {
  return /(?:^|[^\\$])\{.*[^\\]\}/.test(password)
}

function toProxy(proxy: XmlElement, fill: Fill): ProxySettings {
  const text = (name: string): string => fill(textOf(proxy, name) ?? '')
  const user = encodeURIComponent(text('username'))
  const password = encodeURIComponent(text('password'))
  const credentials = user === '' ? '' : `${user}:${password}@`
  return {
    protocol: text('protocol') || 'http',
    url: `http://${credentials}${text('host')}:${text('port') || '8080'}`,
    noProxy: text('nonProxyHosts')
      .split(/[|,]/)
      .filter((host) => host !== ''),
  }
}
