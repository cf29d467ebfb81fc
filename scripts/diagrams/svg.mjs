/** A chart as an SVG picture in the colour scheme of the reader. */
import { layOut } from './layout.mjs'
import { circle, escape, n, rect, svgPage, text, titleOf } from './draw.mjs'
import { lineHeight, offsetOf, widthOfTitle } from './text.mjs'

const cornerRadius = 7

/**
 * The picture of a chart as text, ending in a newline; `title` is what a screen reader says. The
 * same chart gives the same bytes.
 */
export async function drawChart(chart, title) {
  return drawSvg(await layOut(chart), title)
}

function drawSvg({ width, height, boxes, edges }, title) {
  return svgPage({ width, height }, title, [
    ...boxes.map(drawBox),
    ...edges.map(drawEdge),
    ...boxes.map((box) => drawTexts(box, edges)).filter((texts) => texts !== ''),
    ...edges.map(drawLabel).filter((label) => label !== ''),
  ])
}

function drawBox(box) {
  const { shape, x, y, width, height } = box
  if (shape === 'start') return circle('start', box)
  if (shape === 'any') return rect('any', box, height / 2, ' stroke-dasharray="3 3"')
  const inner = { x: x + 3, y: y + 3, width: width - 6, height: height - 6 }
  return [
    rect(levelOf(box), box, 9, '', box.hint),
    ...(shape === 'final' ? [rect('ring', inner, 6)] : []),
    ...(box.lines.length > 0 ? [rule(box)] : []),
  ].join('\n')
}

/**
 * Above the edges, with a halo: an edge into an inner state may cross the title of the outer one.
 */
function drawTexts(box, edges) {
  const { shape, x, y, width, title, lines = [] } = box
  if (shape === 'start') return ''
  if (shape === 'any') return text('pill', x + width / 2, y + 15, title, 'middle')
  const halo = `halo ${levelOf(box)}-halo`
  const [titleX, anchor] = shape === 'compound' ? clearPlace(box, edges) : [x + width / 2, 'middle']
  const heading = text(`title ${halo}`, titleX, y + 19, title, anchor)
  const under = box.description.map((line, row) =>
    text(`hint ${halo}`, titleX, y + 33 + row * lineHeight, line, anchor),
  )
  return [heading, ...under, ...lines.map((line) => drawLine(line, halo))].join('\n')
}

/** Left, right or middle: the first place where no edge crosses the title. */
function clearPlace({ x, y, width, title }, edges) {
  const room = widthOfTitle(title)
  const places = [
    { at: x + 12, anchor: 'start', left: x + 12 },
    { at: x + width - 12, anchor: 'end', left: x + width - 12 - room },
    { at: x + width / 2, anchor: 'middle', left: x + (width - room) / 2 },
  ]
  const isCrossed = ({ left }) => edges.some(({ points }) => crosses(points, left, room, y + 14))
  const { at, anchor } = places.find((place) => !isCrossed(place)) ?? places[0]
  return [at, anchor]
}

function crosses(points, left, room, y) {
  return points.some((point, index) => {
    const next = points[index + 1]
    if (next === undefined || point.x < left - 4 || point.x > left + room) return false
    return Math.min(point.y, next.y) < y && Math.max(point.y, next.y) > y
  })
}

function levelOf({ depth }) {
  return depth % 2 === 0 ? 'even' : 'odd'
}

function rule({ x, y, width, ruleAt }) {
  return `<path class="rule" d="M${n(x)} ${n(y + ruleAt)}h${n(width)}" stroke-opacity="0.5"/>`
}

function drawLine({ spans, x, y }, role = '') {
  const parts = spans.map((part) => {
    const place = part.column === undefined ? '' : ` x="${n(x + offsetOf(part.column))}"`
    return `<tspan class="${part.role}"${place}>${escape(part.text)}</tspan>`
  })
  const attribute = role === '' ? '' : ` class="${role}"`
  return `<text${attribute} x="${n(x)}" y="${n(y + 11)}">${titleOf(spans.title)}${parts.join('')}</text>`
}

function drawEdge({ kind, points }) {
  const dash = kind === 'always' ? ' stroke-dasharray="5 3"' : ''
  return `<path class="edge" d="${roundedPath(points)}"${dash} marker-end="url(#arrow)"/>`
}

function drawLabel({ label }) {
  if (label === undefined) return ''
  const { x, y, lines } = label
  return [
    rect('label', label, 4),
    ...lines.map((spans, row) => drawLine({ spans, x: x + 5, y: y + 3 + row * lineHeight })),
  ].join('\n')
}

/** A path with right angles; corners are rounded where both sides are long enough. */
function roundedPath(points) {
  const [first, ...rest] = points
  const parts = rest.map((point, index) => {
    const next = rest[index + 1]
    if (next === undefined) return `L${n(point.x)} ${n(point.y)}`
    const before = toward(point, points[index])
    const after = toward(point, next)
    return `L${n(before.x)} ${n(before.y)}Q${n(point.x)} ${n(point.y)} ${n(after.x)} ${n(after.y)}`
  })
  return `M${n(first.x)} ${n(first.y)}${parts.join('')}`
}

function toward(from, to) {
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  const share = length === 0 ? 0 : Math.min(cornerRadius, length / 2) / length
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
}
