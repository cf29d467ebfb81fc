/** Collapses states of a chart that is laid out already, where there is no ELK: in a saved page. */
import type { Chart, ChartBox, ChartEdge } from '../protocol/chart.ts'

/**
 * The chart with the inside of these states hidden. They keep their places and sizes; edges to and
 * from states inside end where they did, edges between two of them are hidden.
 */
export function hideInside(chart: Chart, collapsed: readonly string[]): Chart {
  if (collapsed.length === 0) return chart
  const hosts = hostsOf(chart.boxes, new Set(collapsed))
  const isInside = (id: string): boolean => hosts.has(id)
  const isHidden = ({ source, target }: ChartEdge): boolean => {
    if (!isInside(source) && !isInside(target)) return false
    return (hosts.get(source) ?? source) === (hosts.get(target) ?? target)
  }
  return {
    ...chart,
    boxes: chart.boxes
      .filter(({ id }) => !isInside(id))
      .map((box) => (collapsed.includes(box.id) ? { ...box, isCollapsed: true } : box)),
    edges: chart.edges.filter((edge) => !isHidden(edge)),
  }
}

/** Of each hidden box, the collapsed one that it is drawn as. Outer boxes come first. */
function hostsOf(
  boxes: readonly ChartBox[],
  collapsed: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const hosts = new Map<string, string>()
  for (const { id, parent } of boxes) {
    if (parent === undefined) continue
    const host = hosts.get(parent) ?? (collapsed.has(parent) ? parent : undefined)
    if (host !== undefined) hosts.set(id, host)
  }
  return hosts
}
