/** Lays out a chart: sizes from its texts, places from ELK. */
import type { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js'
import { defined } from '../../defined.ts'
import type { Chart, ChartBox, ChartEdge, ChartLine } from '../protocol/chart.ts'
import { columnGap, padding } from './boxes.ts'
import type { MeasuredBox } from './boxes.ts'
import { toGraph } from './graph.ts'
import type { GraphBox, GraphEdge } from './graph.ts'
import type { MachineChart } from './machine-chart.ts'
import { lineHeight, offsetOf, widthOfLines } from './text.ts'
import type { TextLine } from './text.ts'

/** ELK's layout: the graph with places. */
export type ElkLayout = (graph: ElkNode) => Promise<ElkNode>

/** The chart with places. Rejects when ELK cannot lay it out. */
export async function layOut(
  chart: MachineChart,
  { id, name }: Pick<Chart, 'id' | 'name'>,
  elk: ElkLayout,
): Promise<Chart> {
  const { graph, boxes, edges } = toGraph(chart)
  const placed = await elk(graph)
  return {
    id,
    name,
    ...defined({ description: chart.root.description }),
    width: Math.ceil(placed.width ?? 0),
    height: Math.ceil(placed.height ?? 0),
    boxes: placeBoxes([placed], boxes, undefined),
    edges: placeEdges([placed], edges),
  }
}

function placeBoxes(
  nodes: readonly ElkNode[],
  boxes: ReadonlyMap<string, GraphBox>,
  parent: string | undefined,
): readonly ChartBox[] {
  return nodes.flatMap(({ id, x = 0, y = 0, width = 0, height = 0, children = [] }) => {
    const box = boxes.get(id)
    if (box === undefined) return []
    const { columns = [], description = [], hint, ruleAt = 0, ...rest } = box
    const placed = {
      id,
      ...defined({ parent, description: hint, ...rest }),
      depth: box.depth,
      shape: box.shape,
      x,
      y,
      width,
      height,
      ruleAt,
      descriptionLines: description,
      lines: placeColumns(columns, x + padding, y + ruleAt + 6),
    }
    return [placed, ...placeBoxes(children, boxes, id)]
  })
}

function placeColumns(columns: MeasuredBox['columns'], x: number, y: number): readonly ChartLine[] {
  let left = x
  return columns.flatMap((column) => {
    const lines = placeLines(column, left, y)
    left += widthOfLines(column) + columnGap
    return lines
  })
}

function placeLines(lines: readonly TextLine[], x: number, y: number): readonly ChartLine[] {
  return lines.map(({ spans, ...line }, row) => ({
    ...line,
    x,
    y: y + row * lineHeight,
    spans: spans.map(({ column, ...span }) =>
      column === undefined ? span : { ...span, x: x + offsetOf(column) },
    ),
  }))
}

function placeEdges(
  nodes: readonly ElkNode[],
  plans: ReadonlyMap<string, GraphEdge>,
): readonly ChartEdge[] {
  return nodes.flatMap(({ edges = [], children = [] }) => [
    ...edges.flatMap((edge) => placeEdge(edge, plans.get(edge.id)) ?? []),
    ...placeEdges(children, plans),
  ])
}

function placeEdge(
  { id, sections = [], labels = [] }: ElkExtendedEdge,
  plan: GraphEdge | undefined,
): ChartEdge | undefined {
  if (plan === undefined) return undefined
  const { kind, lines, source, target, transitions } = plan
  const points = sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [
    startPoint,
    ...bendPoints,
    endPoint,
  ])
  const [label] = labels.map(({ x = 0, y = 0, width = 0, height = 0 }) => {
    return { x, y, width, height, lines: placeLines(lines, x + 5, y + 3) }
  })
  return {
    id,
    source,
    target,
    kind,
    transitions,
    points: points.map(({ x, y }) => ({ x, y })),
    ...defined({ label }),
  }
}
