/** What the pictures of the page have in common: sizes, colours of light and dark pages, and how texts are written. */

export const width = 860
export const padding = 16

const style = `
text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: var(--text) }
.head { font-weight: 600 }
.quiet { fill: var(--quiet) }
.small { font-size: 11px }
.ground { fill: var(--ground); stroke: var(--edge) }
.ours { fill: var(--ours) }
.peer { fill: var(--peer) }
.grid { stroke: var(--edge) }
.line { stroke: var(--ours); stroke-width: 2; fill: none }
.whisker { stroke: var(--text); stroke-width: 1.5; fill: none }
.limit { stroke: var(--limit); stroke-width: 2; stroke-dasharray: 4 2 }
.met { fill: var(--met) }
.missed { fill: var(--limit); font-weight: 600 }
.reach { stroke-width: 2; opacity: 0.55 }
.reach.met { stroke: var(--met) }
.reach.missed { stroke: var(--limit) }
svg { --ground: #fff; --edge: #d0d7de; --text: #1f2328; --quiet: #59636e; --ours: #0969da; --peer: #9aa4af;
  --limit: #bc4c00; --met: #1a7f37 }
@media (prefers-color-scheme: dark) {
  svg { --ground: #0d1117; --edge: #3d444d; --text: #f0f6fc; --quiet: #9198a1; --ours: #4493f8; --peer: #6e7681;
    --limit: #f0883e; --met: #3fb950 }
}`

/** A picture of this height on a ground of its own, readable on light and dark pages. */
export function svgOf(title, height, parts) {
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>${escape(title)}</title>
<style>${style}
</style>
<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
${parts.join('\n')}
</svg>
`
}

/** A text at a place; `classes` and `anchor` as in SVG. */
export function text(content, x, y, { classes = '', anchor = 'start' } = {}) {
  return `<text${classes && ` class="${classes}"`}${anchor === 'start' ? '' : ` text-anchor="${anchor}"`} x="${round(x)}" y="${round(y)}">${escape(content)}</text>`
}

export function line(classes, x1, y1, x2, y2) {
  return `<line class="${classes}" x1="${round(x1)}" x2="${round(x2)}" y1="${round(y1)}" y2="${round(y2)}"/>`
}

/** The least and the most of something, at a height: a line with an end on each side. */
export function whisker(from, to, y) {
  const [x1, x2] = [round(from), round(to)]
  return `<path class="whisker" d="M${x1} ${y - 3}v6m0 -3H${x2}m0 -3v6"/>`
}

export function clip(content, most) {
  return content.length > most ? `${content.slice(0, most - 1)}…` : content
}

export function round(value) {
  return Math.round(value * 10) / 10
}

export function escape(content) {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
