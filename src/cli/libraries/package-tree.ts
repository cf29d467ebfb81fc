/** Resolved packages as a tree of dependencies, with sizes and sums. */
import { describePackage } from '../../coordinates/packages/package-lock.ts'
import type { LockedPackage, PackageLock } from '../../coordinates/packages/package-lock.ts'
import type { ResolvedPackages } from '../../coordinates/resolve-packages.ts'
import { count, formatBytes, printable } from '../output/printable.ts'
import type { Terminal } from '../output/terminal.ts'

interface TreeNode {
  readonly label: string
  readonly sizeBytes: number
  readonly children: readonly string[]
}

/** A package that was shown before is shown again without its dependencies. */
export function packageTree(
  { lock, packages }: Pick<ResolvedPackages, 'lock' | 'packages'>,
  { colours }: Pick<Terminal, 'colours'>,
): string {
  const sum = packages.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0)
  const lines = [
    ...(lock.maven === undefined
      ? []
      : treeLines(lock.maven.roots, mavenNodes(lock.maven), colours.dim)),
    ...(lock.npm === undefined ? [] : npmLines(lock.npm, colours.dim)),
    ...conflictLines(lock, colours.yellow),
    colours.bold(`${count(packages.length, 'package')}, ${formatBytes(sum)}`),
  ]
  return lines.join('\n')
}

function mavenNodes({
  artifacts,
}: NonNullable<PackageLock['maven']>): ReadonlyMap<string, TreeNode> {
  return new Map(
    Object.entries(artifacts).map(([id, { sizeBytes, scope, dependencies }]) => {
      const label = scope === 'compile' ? `maven:${id}` : `maven:${id} (${scope})`
      return [id, { label, sizeBytes, children: dependencies }]
    }),
  )
}

function treeLines(
  roots: readonly string[],
  nodes: ReadonlyMap<string, TreeNode>,
  dim: (text: string) => string,
): readonly string[] {
  const shown = new Set<string>()
  const lines: string[] = []
  function show(id: string, lead: string, indent: string): void {
    const node = nodes.get(id)
    if (node === undefined) return
    const isAgain = shown.has(id)
    shown.add(id)
    const size = isAgain ? dim('see above') : formatBytes(node.sizeBytes)
    lines.push(`${dim(lead)}${printable(node.label)}  ${size}`)
    if (isAgain) return
    for (const [index, child] of node.children.entries()) {
      const isLast = index === node.children.length - 1
      show(child, `${indent}${isLast ? '└─ ' : '├─ '}`, `${indent}${isLast ? '   ' : '│  '}`)
    }
  }
  for (const root of roots) show(root, '', '')
  return lines
}

/** The tree of folders that npm would install. */
function npmLines(
  { packages }: NonNullable<PackageLock['npm']>,
  dim: (text: string) => string,
): readonly string[] {
  return Object.entries(packages).map(([place, found]: readonly [string, LockedPackage]) => {
    const depth = place.split('/node_modules/').length - 1
    const name = printable(describePackage(place, found))
    return `${dim(depth === 0 ? '' : `${'   '.repeat(depth - 1)}└─ `)}${name}  ${formatBytes(found.sizeBytes)}`
  })
}

function conflictLines({ maven }: PackageLock, warn: (text: string) => string): readonly string[] {
  return (maven?.conflicts ?? []).map(({ used, unused }) => {
    const others = unused.map(({ version, neededBy }) => `${version} (${neededBy})`)
    return warn(printable(`${used} is used, not ${[...new Set(others)].join(', ')}`))
  })
}
