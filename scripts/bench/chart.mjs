/**
 * One picture of one benchmark: for each case our bar above the bars of its peers, each case in its
 * own unit and on its own scale, with a line where a limit lies. Readable on light and dark pages.
 */
import { boundsOf, format, isCost, limitText, outcomeOf } from './limits.mjs'

const width = 760
const labelWidth = 190
const barsAt = labelWidth + 16
const barsWidth = 400
const barHeight = 16
const rowHeight = 22
const headHeight = 30
const padding = 16
const valueWidth = 56
const maxHeadLetters = 100
/** Bars that differ more than this need a logarithmic scale to be seen. */
const linearRange = 40

const style = `
text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: var(--text) }
.head { font-weight: 600 }
.quiet { fill: var(--quiet) }
.ground { fill: var(--ground); stroke: var(--edge) }
.ours { fill: var(--ours) }
.peer { fill: var(--peer) }
.limit { stroke: var(--limit); stroke-width: 2; stroke-dasharray: 4 2 }
.met { fill: var(--met) }
.missed { fill: var(--limit); font-weight: 600 }
svg { --ground: #fff; --edge: #d0d7de; --text: #1f2328; --quiet: #59636e; --ours: #0969da; --peer: #9aa4af;
  --limit: #bc4c00; --met: #1a7f37 }
@media (prefers-color-scheme: dark) {
  svg { --ground: #0d1117; --edge: #3d444d; --text: #f0f6fc; --quiet: #9198a1; --ours: #4493f8; --peer: #6e7681;
    --limit: #f0883e; --met: #3fb950 }
}`

/** SVG of the figures of one benchmark. */
export function chartSvg(title, figures) {
  const panels = panelsOf(figures)
  let y = padding
  const parts = panels.map((panel) => {
    const part = panelSvg(panel, y)
    y += headHeight + noteHeight(panel) + panel.bars.length * rowHeight + 10
    return part
  })
  const height = y + 4
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>${escape(title)}</title>
<style>${style}
</style>
<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
${parts.join('\n')}
</svg>
`
}

/** A case with its bars and limits. Figures of one case differ in their peers. */
function panelsOf(figures) {
  const cases = groupByCase(figures)
  return [...cases].map(([what, [first, ...more]]) => {
    const all = [first, ...more]
    const ours = { name: 'jarcast', value: first.value, isOurs: true }
    const peers = all
      .filter(({ peer, peerValue }) => peer !== undefined && Number.isFinite(peerValue))
      .map(({ peer, peerValue }) => ({ name: peer, value: peerValue, isOurs: false }))
    const limits = all.filter(({ limit }) => limit !== undefined)
    const bounds = limits.flatMap(boundsOf)
    return {
      what,
      unit: first.unit,
      isCost: isCost(first),
      bars: [ours, ...peers],
      bounds,
      limits,
    }
  })
}

function groupByCase(figures) {
  const cases = new Map()
  for (const figure of figures) cases.set(figure.case, [...(cases.get(figure.case) ?? []), figure])
  return cases
}

function panelSvg(panel, top) {
  const scale = scaleOf([...panel.bars.map(({ value }) => value), ...panel.bounds])
  const firstBar = top + headHeight + noteHeight(panel)
  return [
    `<text class="head" x="${padding}" y="${top + 14}">${escape(clip(panel.what, 78))} <tspan class="quiet" font-weight="400">${escape(unitText(panel, scale))}</tspan></text>`,
    limitNote(panel, top + 14 + noteHeight(panel)),
    ...panel.bars.map((bar, index) =>
      barSvg(bar, firstBar + index * rowHeight, scale, panel.bounds),
    ),
    ...panel.bounds.map((bound) => {
      const x = round(barsAt + scale.lengthOf(bound))
      return `<line class="limit" x1="${x}" x2="${x}" y1="${firstBar - 4}" y2="${firstBar + barHeight + 4}"/>`
    }),
  ].join('\n')
}

function unitText({ unit, isCost }, { isLog }) {
  return [unit, isCost ? 'less is better' : '', isLog ? 'log scale' : ''].filter(Boolean).join(', ')
}

function limitNote(panel, y) {
  const { text, isMissed } = limitOf(panel)
  return `<text class="${isMissed ? 'missed' : 'met'}" text-anchor="end" x="${width - padding}" y="${y}">${escape(text)}</text>`
}

/** The limits that are missed, each with its peer, else all. */
function limitOf({ limits }) {
  if (limits.length === 0) return { text: '', isMissed: false }
  const missed = limits.filter((figure) => outcomeOf(figure) === 'missed')
  const texts =
    missed.length > 0
      ? missed.map((figure) => `${limitText(figure)} ${figure.peer ?? ''}`.trim())
      : limits.map(limitText)
  const isMissed = missed.length > 0
  return { text: `${isMissed ? '✗ must be' : '✓'} ${[...new Set(texts)].join(', ')}`, isMissed }
}

/** The limit gets a line of its own if it would run into the name of the case. */
function noteHeight(panel) {
  const letters = clip(panel.what, 78).length + panel.unit.length + limitOf(panel).text.length
  const notes = panel.isCost ? 28 : 14
  return limitOf(panel).text !== '' && letters + notes > maxHeadLetters ? 18 : 0
}

function barSvg({ name, value, isOurs }, y, scale, bounds) {
  const length = round(Math.max(1, scale.lengthOf(value)))
  // The value is behind a limit that would cross it.
  const crossing = isOurs
    ? bounds.map(scale.lengthOf).filter((at) => at >= length && at < length + valueWidth)
    : []
  const valueAt = round(Math.max(length, ...crossing))
  const baseline = y + barHeight - 4
  return `<text text-anchor="end" x="${labelWidth + 8}" y="${baseline}"${isOurs ? ' class="head"' : ''}>${escape(clip(name, 27))}</text>
<rect class="${isOurs ? 'ours' : 'peer'}" x="${barsAt}" y="${y}" width="${length}" height="${barHeight}" rx="2"/>
<text x="${round(barsAt + valueAt + 6)}" y="${baseline}">${format(value)}</text>`
}

/** Lengths of bars: from 0, or by magnitude if the smallest could not be seen. */
function scaleOf(values) {
  const positive = values.filter((value) => value > 0)
  const most = Math.max(...positive, Number.MIN_VALUE)
  const least = Math.min(...positive, most)
  if (most / least <= linearRange) {
    return { isLog: false, lengthOf: (value) => (Math.max(0, value) / most) * barsWidth }
  }
  const start = Math.floor(Math.log10(least)) - 0.2
  const span = Math.log10(most) - start
  return {
    isLog: true,
    lengthOf: (value) => (value > 0 ? ((Math.log10(value) - start) / span) * barsWidth : 0),
  }
}

function clip(text, most) {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}

function round(value) {
  return Math.round(value * 10) / 10
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
