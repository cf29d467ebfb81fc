/** Shapes and texts of SVG, and the page around them, which follows the reader's colour scheme. */
import { fontSize, titleSize } from './text.ts'

export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const monospace = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
const sans = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"
const margin = 8

const lightColors = {
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

const darkColors = {
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
 * A whole file, ending in a newline: `parts` from the top left, `title` for screen readers,
 * `styles` added.
 */
export function svgPage(
  { width, height }: Pick<Rect, 'width' | 'height'>,
  title: string,
  parts: readonly string[],
  styles: readonly string[] = [],
): string {
  const start = -margin
  const [outerWidth, outerHeight] = [width + 2 * margin, height + 2 * margin]
  const page = { x: start, y: start, width: outerWidth, height: outerHeight }
  const view = `viewBox="${start} ${start} ${outerWidth} ${outerHeight}"`
  const size = `${view} width="${outerWidth}" height="${outerHeight}"`
  const dark = `@media (prefers-color-scheme: dark) {\n${rules(darkColors)}\n}`
  const sheet = [rules(lightColors), dark, fonts, ...styles].join('\n')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} xml:space="preserve" role="img" aria-label="${escape(title)}">`,
    `<title>${escape(title)}</title>`,
    `<style>\n${sheet}\n</style>`,
    `<defs><marker id="arrow" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="head" d="M0 0.5 8 4 0 7.5z"/></marker></defs>`,
    rect('page', page, 12),
    ...parts,
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

function rules(colors: typeof lightColors): string {
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

export function rect(
  role: string,
  { x, y, width, height }: Rect,
  radius: number,
  more = '',
  hint?: string,
): string {
  const start = `<rect class="${role}" x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="${n(radius)}"${more}`
  return hint === undefined ? `${start}/>` : `${start}>${titleOf(hint)}</rect>`
}

/** Shown while the pointer is over the element around it. */
export function titleOf(hint: string | undefined): string {
  return hint === undefined ? '' : `<title>${escape(hint)}</title>`
}

export function circle(role: string, { x, y, width, height }: Rect): string {
  return `<circle class="${role}" cx="${n(x + width / 2)}" cy="${n(y + height / 2)}" r="${n(width / 2)}"/>`
}

export function text(role: string, x: number, y: number, content: string, anchor: string): string {
  return `<text class="${role}" x="${n(x)}" y="${n(y)}" text-anchor="${anchor}">${escape(content)}</text>`
}

/** Rounds to two decimals. */
export function n(value: number): string {
  return String(Math.round(value * 100) / 100)
}

export function escape(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
