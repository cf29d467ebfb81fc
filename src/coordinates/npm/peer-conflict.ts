/** Describes conflicts of peer dependencies: both sides, and their dependents. */
import { isRecord } from '../../domain/json.ts'
import type { NpmCoordinate } from '../packages/coordinate.ts'

type Explained = Readonly<Record<string, unknown>>

/**
 * As `npm install` shows it; undefined when the error has too few details. Source: npm's
 * `explain-eresolve.js`.
 */
export function describeConflict(
  error: object,
  roots: readonly NpmCoordinate[],
): string | undefined {
  const { edge, current, currentEdge } = error as Record<string, unknown>
  if (!isRecord(edge)) return undefined
  const wanted = describeEdge(edge, roots)
  const there = isRecord(current) ? withDependents(current, roots) : undefined
  const other = isRecord(currentEdge) ? describeEdge(currentEdge, roots) : undefined
  const both = [wanted, there ?? other].filter((side) => side !== undefined).join('; installed is ')
  return `peer dependencies conflict: ${both}; request versions that fit, or override one`
}

function describeEdge(
  { type, name, spec, from }: Explained,
  roots: readonly NpmCoordinate[],
): string {
  const what = `${String(name)}@${String(spec)}`
  if (!isRecord(from) || typeof from['name'] !== 'string') return `npm:${what} is requested`
  const kind = String(type).startsWith('peer') ? 'the peer ' : ''
  return `${withDependents(from, roots)} needs ${kind}${what}`
}

/** The package and its dependents, up to the requested coordinate. */
function withDependents(start: Explained, roots: readonly NpmCoordinate[]): string {
  const chain: string[] = []
  let node: unknown = start
  for (let depth = 0; depth < 10 && isRecord(node); depth += 1) {
    const [dependent] = Array.isArray(node['dependents']) ? (node['dependents'] as unknown[]) : []
    const name = node['name']
    if (!isRecord(dependent)) break
    const { from } = dependent
    if (!isRecord(from) || typeof from['name'] !== 'string') {
      const root = roots.find((known) => known.name === name)
      if (root !== undefined) chain.push(`requested as npm:${root.name}@${root.range}`)
      break
    }
    chain.push(`needed by ${idOf(from)}`)
    node = from
  }
  return chain.length === 0 ? idOf(start) : `${idOf(start)} (${chain.join(', ')})`
}

function idOf({ name, version }: Explained): string {
  return `${String(name)}@${String(version)}`
}
