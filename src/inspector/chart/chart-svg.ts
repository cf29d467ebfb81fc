/** A chart as an SVG picture in the colour scheme of the reader. */
import type { Chart, ChartBox, ChartEdge, ChartLine } from '../protocol/chart.ts'
import { circle, escape, n, rect, svgPage, text, titleOf } from './svg.ts'
import { lineHeight, widthOfTitle } from './text.ts'

type Points = ChartEdge['points']

const cornerRadius = 7

/**
 * The picture of a chart as text, ending in a newline; `title` is what a screen reader says. The
 * same chart gives the same bytes.
 */
export function chartSvg({ width, height, boxes, edges }: Chart, title: string): string {
  return svgPage({ width, height }, title, [
    ...boxes.map(drawBox),
    ...edges.map(drawEdge),
    ...boxes.map((box) => drawTexts(box, edges)).filter((texts) => texts !== ''),
    ...edges.map(drawLabel).filter((label) => label !== ''),
  ])
}

function drawBox(box: ChartBox): string {
  const { shape, x, y, width, height } = box
  if (shape === 'start') return circle('start', box)
  if (shape === 'any') return rect('any', box, height / 2, ' stroke-dasharray="3 3"')
  const inner = { x: x + 3, y: y + 3, width: width - 6, height: height - 6 }
  return [
    rect(levelOf(box), box, 9, '', box.description),
    ...(shape === 'final' ? [rect('ring', inner, 6)] : []),
    ...(box.lines.length > 0 ? [rule(box)] : []),
  ].join('\n')
}

/**
 * Above the edges, with a halo: an edge into an inner state may cross the title of the outer one.
 */
function drawTexts(box: ChartBox, edges: readonly ChartEdge[]): string {
  const { shape, x, y, width, title = '', lines } = box
  if (shape === 'start') return ''
  if (shape === 'any') return text('pill', x + width / 2, y + 15, title, 'middle')
  const halo = `halo ${levelOf(box)}-halo`
  const [titleX, anchor] = titlePlace(box, edges)
  const heading = text(`title ${halo}`, titleX, y + 19, title, anchor)
  const under = box.descriptionLines.map((line, row) =>
    text(`hint ${halo}`, titleX, y + 33 + row * lineHeight, line, anchor),
  )
  return [heading, ...under, ...lines.map((line) => drawLine(line, halo))].join('\n')
}

/** In the middle; in a compound state, the first place where no edge crosses the title. */
export function titlePlace(
  { shape, isCollapsed, x, y, width, title = '' }: ChartBox,
  edges: readonly ChartEdge[],
): readonly [x: number, anchor: 'start' | 'middle' | 'end'] {
  const middle = [x + width / 2, 'middle'] as const
  if (shape !== 'compound' || isCollapsed === true) return middle
  const room = widthOfTitle(title)
  const places = [
    { at: [x + 12, 'start'], left: x + 12 },
    { at: [x + width - 12, 'end'], left: x + width - 12 - room },
    { at: middle, left: x + (width - room) / 2 },
  ] as const
  const isCrossed = (left: number) =>
    edges.some(({ points }) => crosses(points, left, room, y + 14))
  return (places.find(({ left }) => !isCrossed(left)) ?? places[0]).at
}

function crosses(points: Points, left: number, room: number, y: number): boolean {
  return points.some((point, index) => {
    const next = points[index + 1]
    if (next === undefined || point.x < left - 4 || point.x > left + room) return false
    return Math.min(point.y, next.y) < y && Math.max(point.y, next.y) > y
  })
}

function levelOf({ depth }: ChartBox): string {
  return depth % 2 === 0 ? 'even' : 'odd'
}

function rule({ x, y, width, ruleAt }: ChartBox): string {
  return `<path class="rule" d="M${n(x)} ${n(y + ruleAt)}h${n(width)}" stroke-opacity="0.5"/>`
}

function drawLine({ spans, x, y, hint }: ChartLine, role = ''): string {
  const parts = spans.map((part) => {
    const place = part.x === undefined ? '' : ` x="${n(part.x)}"`
    return `<tspan class="${part.role}"${place}>${escape(part.text)}</tspan>`
  })
  const attribute = role === '' ? '' : ` class="${role}"`
  return `<text${attribute} x="${n(x)}" y="${n(y + 11)}">${titleOf(hint)}${parts.join('')}</text>`
}

function drawEdge({ kind, points }: ChartEdge): string {
  const dash = kind === 'always' ? ' stroke-dasharray="5 3"' : ''
  return `<path class="edge" d="${roundedPath(points)}"${dash} marker-end="url(#arrow)"/>`
}

function drawLabel({ label }: ChartEdge): string {
  if (label === undefined) return ''
  return [rect('label', label, 4), ...label.lines.map((line) => drawLine(line))].join('\n')
}

/** A path with right angles; corners are rounded where both sides are long enough. */
export function roundedPath(points: Points): string {
  const [first, ...rest] = points
  if (first === undefined) return ''
  const parts = rest.map((point, index) => {
    const next = rest[index + 1]
    if (next === undefined) return `L${n(point.x)} ${n(point.y)}`
    const before = toward(point, points[index] ?? point)
    const after = toward(point, next)
    return `L${n(before.x)} ${n(before.y)}Q${n(point.x)} ${n(point.y)} ${n(after.x)} ${n(after.y)}`
  })
  return `M${n(first.x)} ${n(first.y)}${parts.join('')}`
}

function toward(from: Points[number], to: Points[number]): Points[number] {
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  const share = length === 0 ? 0 : Math.min(cornerRadius, length / 2) / length
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
}
