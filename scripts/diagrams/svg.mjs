/** A chart as an SVG picture that follows the reader's colour scheme. */
import { layOut } from './layout.mjs'
import { fontSize, lineHeight, offsetOf, titleSize, widthOfTitle } from './text.mjs'

const monospace = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
const sans = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"
const cornerRadius = 7
const margin = 8

const light = {
  page: '#ffffff',
  box: '#f6f8fa',
  inner: '#ffffff',
  line: '#8c959f',
  text: '#1f2328',
  dim: '#656d76',
  guard: '#0a6a73',
  effect: '#8250df',
  timer: '#a04a00',
  edge: '#57606a',
}

const dark = {
  page: '#0d1117',
  box: '#161b22',
  inner: '#21262d',
  line: '#6e7681',
  text: '#e6edf3',
  dim: '#9198a1',
  guard: '#56d4dd',
  effect: '#d2a8ff',
  timer: '#ffa657',
  edge: '#9198a1',
}

/**
 * The picture of a chart as text, ending in a newline; `title` is what a screen reader says. The same chart gives the
 * same bytes.
 */
export async function drawChart(chart, title) {
  return drawSvg(await layOut(chart), title)
}

function drawSvg({ width, height, boxes, edges }, title) {
  const [left, outerWidth, outerHeight] = [-margin, width + 2 * margin, height + 2 * margin]
  const page = { x: left, y: left, width: outerWidth, height: outerHeight }
  const view = `viewBox="${left} ${left} ${outerWidth} ${outerHeight}"`
  const size = `${view} width="${outerWidth}" height="${outerHeight}"`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} xml:space="preserve" role="img" aria-label="${escape(title)}">`,
    `<title>${escape(title)}</title>`,
    `<style>\n${rules(light)}\n@media (prefers-color-scheme: dark) {\n${rules(dark)}\n}\n${fonts}\n</style>`,
    `<defs><marker id="arrow" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="head" d="M0 0.5 8 4 0 7.5z"/></marker></defs>`,
    rect('page', page, 12),
    ...boxes.map(drawBox),
    ...edges.map(drawEdge),
    ...boxes.map((box) => drawTexts(box, edges)).filter((texts) => texts !== ''),
    ...edges.map(drawLabel).filter((label) => label !== ''),
    '</svg>\n',
  ].join('\n')
}

const fonts = [
  `text { font: ${fontSize}px ${monospace} }`,
  `.title { font: 600 ${titleSize}px ${sans} }`,
  `.pill { font: italic 12px ${sans} }`,
  `.hint { font: 11px ${sans}; pointer-events: none }`,
  '.halo { stroke-width: 4; stroke-linejoin: round; paint-order: stroke }',
  '.event, .timer { font-weight: 600 }',
].join('\n')

function rules(colors) {
  return [
    `.page, .label { fill: ${colors.page} }`,
    `.even { fill: ${colors.box}; stroke: ${colors.line} }`,
    `.odd { fill: ${colors.inner}; stroke: ${colors.line} }`,
    `.ring, .rule, .any { fill: none; stroke: ${colors.line} }`,
    `.even-halo { stroke: ${colors.box} }`,
    `.odd-halo { stroke: ${colors.inner} }`,
    `.start, .head { fill: ${colors.edge} }`,
    `.edge { fill: none; stroke: ${colors.edge}; stroke-width: 1.2 }`,
    `.title, .event, .action { fill: ${colors.text} }`,
    `.dim, .pill, .hint { fill: ${colors.dim} }`,
    `.guard { fill: ${colors.guard} }`,
    `.effect { fill: ${colors.effect} }`,
    `.timer { fill: ${colors.timer} }`,
  ].join('\n')
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

/** Over the edges, with a halo: an edge into an inner state may pass the head of the outer one. */
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

/** Left, right or middle: the first where no edge comes down through the title. */
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

/** Right angles, with their corners cut round where both sides are long enough. */
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

function rect(role, { x, y, width, height }, radius, more = '', hint) {
  const start = `<rect class="${role}" x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="${n(radius)}"${more}`
  return hint === undefined ? `${start}/>` : `${start}>${titleOf(hint)}</rect>`
}

/** Shown while the pointer is over the element around it. */
function titleOf(hint) {
  return hint === undefined ? '' : `<title>${escape(hint)}</title>`
}

function circle(role, { x, y, width, height }) {
  return `<circle class="${role}" cx="${n(x + width / 2)}" cy="${n(y + height / 2)}" r="${n(width / 2)}"/>`
}

function text(role, x, y, content, anchor) {
  return `<text class="${role}" x="${n(x)}" y="${n(y)}" text-anchor="${anchor}">${escape(content)}</text>`
}

/** At most two decimals: what ELK computes is finer than anyone sees. */
function n(value) {
  return String(Math.round(value * 100) / 100)
}

function escape(content) {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
