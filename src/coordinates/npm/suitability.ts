/** Whether an npm package says that it is for the agents: its `engines`, `os`, `cpu` and `libc`. */
import checks from 'npm-install-checks'

interface Agents {
  readonly os?: string
  readonly cpu?: string
  readonly nodeVersion?: string
}

/** Why the package is not for the agents; undefined when it is. Source: npm documentation, "package.json". */
export function faultOf(
  { package: needs }: { readonly package: Readonly<Record<string, unknown>> },
  { os, cpu, nodeVersion = process.version }: Agents,
): string | undefined {
  const target = { ...(os === undefined ? {} : { os }), ...(cpu === undefined ? {} : { cpu }) }
  try {
    checks.checkEngine(needs, null, nodeVersion)
  } catch {
    return `needs Node ${wordsOf((needs['engines'] as { node?: unknown } | undefined)?.node)}, the agents have ${nodeVersion}`
  }
  try {
    checks.checkPlatform(needs, false, target)
    return undefined
  } catch (error) {
    const { current } = error as {
      readonly current: { readonly os?: string; readonly cpu?: string }
    }
    const asked = ['os', 'cpu', 'libc'].filter((name) => needs[name] !== undefined)
    const wanted = asked.map((name) => `${name} ${wordsOf(needs[name])}`).join(', ')
    return `is for ${wanted}; the agents have ${current.os} on ${current.cpu}`
  }
}

function wordsOf(value: unknown): string {
  return [value].flat().map(String).join(' or ').slice(0, 100)
}
