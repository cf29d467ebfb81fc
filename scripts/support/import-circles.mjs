/**
 * Finds circles of imports, between files and between folders. An import is `{ from, to }`, two
 * paths of files.
 */
import { dirname } from 'node:path'

/** Number of imports shown per step of a circle. */
const maxShown = 5

/** The circles of files, each as text: the way round, then a line for each import. */
export function findFileCircles(imports) {
  return findCircles(imports, (file) => file)
}

/**
 * The circles of folders below `layer`, such as `src/local`. Each folder counts alone, without
 * those below it. Then each folder of the first level counts with all that is below it, and files
 * beside them do not count.
 */
export function findFolderCircles(imports, layer) {
  const within = imports.filter(({ from, to }) => isBelow(from, layer) && isBelow(to, layer))
  const circles = findCircles(within, dirname)
  if (circles.length > 0) return circles
  return findCircles(within, (file) => {
    const [folder, ...rest] = file.slice(layer.length + 1).split('/')
    return rest.length === 0 ? undefined : `${layer}/${folder}`
  })
}

function isBelow(file, folder) {
  return file.startsWith(`${folder}/`)
}

/** One of the shortest circles through each node that is not in one already. */
function findCircles(imports, nodeOf) {
  const steps = new Map()
  for (const { from, to } of imports) {
    const [a, b] = [nodeOf(from), nodeOf(to)]
    if (a === undefined || b === undefined || a === b) continue
    const targets = steps.get(a) ?? new Map()
    steps.set(a, targets)
    targets.set(b, (targets.get(b) ?? new Set()).add(`  ${from} imports ${to}`))
  }
  const seen = new Set()
  return [...steps.keys()].flatMap((start) => {
    const nodes = seen.has(start) ? undefined : findCircle(start, steps)
    if (nodes === undefined) return []
    for (const node of nodes) seen.add(node)
    return describe(nodes, steps)
  })
}

/** Breadth first from `start`, until it is reached again. */
function findCircle(start, steps) {
  const paths = [[start]]
  const reached = new Set()
  for (const path of paths) {
    for (const next of steps.get(path.at(-1))?.keys() ?? []) {
      if (next === start) return path
      if (reached.has(next)) continue
      reached.add(next)
      paths.push([...path, next])
    }
  }
  return undefined
}

function describe(nodes, steps) {
  const lines = nodes.flatMap((node, index) => {
    const imports = [...steps.get(node).get(nodes[(index + 1) % nodes.length])]
    const more = imports.length - maxShown
    return more > 0 ? [...imports.slice(0, maxShown), `  and ${more} more`] : imports
  })
  return [[...nodes, nodes[0]].join(' → '), ...lines].join('\n')
}
