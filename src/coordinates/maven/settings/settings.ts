/**
 * Maven's `settings.xml`: repositories, mirrors, proxies and credentials.
 * Source: Maven's "Settings Reference", "Using Mirrors for Repositories".
 */
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { configInvalid, JarcastError } from '../../../errors.ts'
import { decodeXml } from '../../xml/decode-xml.ts'
import { parseXml } from '../../xml/parse-xml.ts'
import { createInterpolator } from '../model/interpolate.ts'
import { systemProperties } from '../model/platform.ts'
import type { JavaPlatform } from '../model/platform.ts'
import { toSettings } from './settings-elements.ts'
import type { MavenSettings } from './settings-elements.ts'

export interface SettingsFiles {
  readonly user: string
  readonly global: string | undefined
}

/**
 * `~/.m2/settings.xml` and `$MAVEN_HOME/conf/settings.xml` (or M2_HOME), unless MAVEN_ARGS names
 * others with `-s` and `-gs`.
 */
export function settingsFiles(environment: NodeJS.ProcessEnv = process.env): SettingsFiles {
  const words = (environment['MAVEN_ARGS'] ?? '').split(/\s+/)
  const named = (...names: readonly string[]): string | undefined => {
    const at = words.findIndex((word) => names.includes(word))
    return at < 0 ? undefined : words[at + 1]
  }
  const home = environment['MAVEN_HOME'] ?? environment['M2_HOME']
  return {
    user: named('-s', '--settings') ?? join(homedir(), '.m2', 'settings.xml'),
    global:
      named('-gs', '--global-settings') ??
      (home && join(home, 'conf', 'settings.xml')) ??
      undefined,
  }
}

/**
 * Reads the files that exist; the user's file overrides the global one. With `mustExist` the user's
 * file may not be missing. Rejects with `CONFIG_INVALID` when a file is unreadable or has an
 * encrypted password.
 */
export async function readSettings(
  { user, global }: SettingsFiles,
  java: JavaPlatform,
  environment: NodeJS.ProcessEnv = process.env,
  mustExist = false,
): Promise<MavenSettings> {
  const [own, shared] = await Promise.all([
    readOne(user, java, environment, mustExist),
    global === undefined ? emptySettings : readOne(global, java, environment, false),
  ])
  return {
    repositories: byId(own.repositories, shared.repositories),
    mirrors: byId(own.mirrors, shared.mirrors),
    servers: byId(own.servers, shared.servers),
    proxies: [...own.proxies, ...shared.proxies],
    localRepository: own.localRepository ?? shared.localRepository,
    isOffline: own.isOffline || shared.isOffline,
  }
}

const emptySettings: MavenSettings = {
  repositories: [],
  mirrors: [],
  servers: [],
  proxies: [],
  localRepository: undefined,
  isOffline: false,
}

async function readOne(
  file: string,
  java: JavaPlatform,
  environment: NodeJS.ProcessEnv,
  mustExist: boolean,
): Promise<MavenSettings> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    if (!mustExist && (cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    const { code } = cause as NodeJS.ErrnoException
    throw configInvalid(file, `Maven settings ${file}: it cannot be read (${code})`, cause)
  })
  if (bytes === undefined) return emptySettings
  const system = systemProperties(java)
  const fill = createInterpolator([
    (name) => (name.startsWith('env.') ? environment[name.slice(4)] : undefined),
    (name) => (name === 'user.home' ? homedir() : system.get(name)),
  ])
  try {
    return toSettings(parseXml(decodeXml(bytes, file), file, 'settings'), java, fill)
  } catch (cause) {
    if (cause instanceof JarcastError && cause.code === 'CONFIG_INVALID') throw cause
    throw configInvalid(file, `Maven settings ${file}: ${(cause as Error).message}`, cause)
  }
}

function byId<Item extends { readonly id: string }>(
  own: readonly Item[],
  shared: readonly Item[],
): readonly Item[] {
  const known = new Set(own.map(({ id }) => id))
  return [...own, ...shared.filter(({ id }) => !known.has(id))]
}
