/**
 * What npm's libraries are told: the user's `.npmrc` files and environment, as npm itself reads
 * them.
 */
import { dirname, join } from 'node:path'
import { JarcastError } from '../../errors.ts'
import { guardedAgents, takeRegistryUserinfo } from './credential-guard.ts'
import type { NpmOptions } from './npm-option-types.ts'

/**
 * Registries, credentials, proxies and the cache of the user's npm. Nothing but registries is
 * fetched from: no git, no addresses, no folders; and no script of any package is run.
 * Rejects with `CONFIG_INVALID` when an `.npmrc` makes no sense.
 */
export async function readNpmOptions(isOffline: boolean): Promise<NpmOptions> {
  // Only who names npm packages pays for loading it.
  const [{ default: Config }, { default: known }] = await Promise.all([
    import('@npmcli/config'),
    import('@npmcli/config/lib/definitions/index.js'),
  ])
  const { definitions, shorthands, flatten } = known
  const config = new Config({
    definitions,
    shorthands,
    flatten,
    // Where npm stands beside this Node: its own npmrc is read too.
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
    // Whatever npm is set to for one's own projects: what is shipped is whole and needs no more
    // than it says.
    omit: ['dev'],
    global: false,
    installStrategy: 'hoisted',
  }
}
