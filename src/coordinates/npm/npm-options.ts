/** Options for npm's libraries, from the user's `.npmrc` files and environment. */
import { dirname, join } from 'node:path'
import { JarcastError } from '../../errors.ts'
import { guardedAgents, takeRegistryUserinfo } from './credential-guard.ts'
import type { NpmOptions } from './npm-option-types.ts'

/**
 * Registries, credentials, proxies and the cache of the user's npm. Only registries are allowed: no
 * git, no addresses, no folders. Scripts of packages never run. Rejects with `CONFIG_INVALID` for
 * an invalid `.npmrc`.
 */
export async function readNpmOptions(isOffline: boolean): Promise<NpmOptions> {
  // Loaded on demand: it is slow, and needed for npm packages only.
  const [{ default: Config }, { default: known }] = await Promise.all([
    import('@npmcli/config'),
    import('@npmcli/config/lib/definitions/index.js'),
  ])
  const { definitions, shorthands, flatten } = known
  const config = new Config({
    definitions,
    shorthands,
    flatten,
    // The npm of this Node has an npmrc of its own.
    npmPath: join(dirname(dirname(process.execPath)), 'lib', 'node_modules', 'npm'),
    argv: ['node', 'npm'],
    env: process.env,
    cwd: process.cwd(),
  })
  await config.load().catch((cause: unknown) => {
    const message = `npm's settings cannot be used: ${(cause as Error).message}`
    throw new JarcastError('CONFIG_INVALID', message, { cause, details: { setting: '.npmrc' } })
  })
  const flat = takeRegistryUserinfo(config.flat)
  return {
    ...flat,
    publicRegistry: definitions.registry.default,
    agent: guardedAgents(flat),
    offline: isOffline || flat['offline'] === true,
    ignoreScripts: true,
    allowGit: 'none',
    allowRemote: 'none',
    allowFile: 'none',
    allowDirectory: 'none',
    audit: false,
    fund: false,
    // Overrides settings for the user's own projects: shipped packages need all dependencies but
    // `dev`.
    omit: ['dev'],
    global: false,
    installStrategy: 'hoisted',
  }
}
