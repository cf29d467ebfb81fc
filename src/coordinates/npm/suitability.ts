/** Checks `engines`, `os`, `cpu` and `libc` of an npm package against the agents. */
import checks from 'npm-install-checks'
import { defined } from '../../defined.ts'
import type { NpmPlatform } from '../packages/npm-platform.ts'

type Manifest = Readonly<Record<string, unknown>>

/** With defaults, in the form of npm's libraries. */
export function platformOf(platform: NpmPlatform): Required<Omit<NpmPlatform, 'libc'>> & {
  readonly libc?: string
} {
  const { os = process.platform, cpu = process.arch, nodeVersion = process.version } = platform
  const libc = platform.libc ?? (os === 'linux' && process.platform !== os ? 'glibc' : undefined)
  return { os, cpu, nodeVersion, ...defined({ libc }) }
}

/**
 * Why the package cannot run on the agents; undefined when it can. Source: npm documentation,
 * "package.json".
 */
export function platformFault(needs: Manifest, platform: NpmPlatform): string | undefined {
  try {
    checks.checkPlatform(needs, false, platformOf(platform))
    return undefined
  } catch (error) {
    const { current } = error as {
      readonly current: { readonly os?: string; readonly cpu?: string; readonly libc?: string }
    }
    const asked = ['os', 'cpu', 'libc'].filter((name) => needs[name] !== undefined)
    const wanted = asked.map((name) => `${name} ${wordsOf(needs[name])}`).join(', ')
    const libc = needs['libc'] === undefined ? '' : ` with ${current.libc ?? 'no known libc'}`
    return `is for ${wanted}; the agents have ${current.os} on ${current.cpu}${libc}`
  }
}

/** Why the package does not support the agents' Node; undefined when it does. */
export function engineFault(needs: Manifest, platform: NpmPlatform): string | undefined {
  const { nodeVersion } = platformOf(platform)
  try {
    checks.checkEngine(needs, null, nodeVersion)
    return undefined
  } catch {
    const wanted = (needs['engines'] as { node?: unknown } | undefined)?.node
    return `needs Node ${wordsOf(wanted)}, the agents have ${nodeVersion}`
  }
}

function wordsOf(value: unknown): string {
  return [value].flat().map(String).join(' or ').slice(0, 100)
}
