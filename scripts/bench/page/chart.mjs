/**
 * One picture of one benchmark: for each case our bar above the bars of its peers, each case in its
 * own unit and on its own scale, with a line where a limit lies and one over the spread of the rounds.
 */
import { boundsOf, format, isCost, limitText, outcomeOf } from '../limits.mjs'
import { clip, escape, padding, round, svgOf, text, whisker, width } from './svg.mjs'

const labelWidth = 190
const barsAt = labelWidth + 16
const barsWidth = 500
const barHeight = 16
const rowHeight = 22
const headHeight = 30
const valueWidth = 56
const maxHeadLetters = 112
/** Bars that differ more than this need a logarithmic scale to be seen. */
const linearRange = 40

/** SVG of the figures of one benchmark. */
export function chartSvg(title, figures) {
  const panels = panelsOf(figures)
  let y = padding
  const parts = panels.map((panel) => {
    const part = panelSvg(panel, y)
    y += headHeight + noteHeight(panel) + panel.bars.length * rowHeight + 10
    return part
  })
  return svgOf(title, y + 4, parts)
}

/** A case with its bars and limits. Figures of one case differ in their peers. */
function panelsOf(figures) {
  const cases = groupByCase(figures)
  return [...cases].map(([what, [first, ...more]]) => {
    const all = [first, ...more]
    const ours = { name: 'jarcast', value: first.value, spread: first.spread?.value, isOurs: true }
    const peers = all
      .filter(({ peer, peerValue }) => peer !== undefined && Number.isFinite(peerValue))
      .map(({ peer, peerValue, ratio }) => ({ name: peer, value: peerValue, ratio, isOurs: false }))
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
  const values = panel.bars.flatMap(({ value, spread = [] }) => [value, ...spread])
  const scale = scaleOf([...values, ...panel.bounds])
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
  const { note, isMissed } = limitOf(panel)
  return text(note, width - padding, y, { classes: isMissed ? 'missed' : 'met', anchor: 'end' })
}

/** The limits that are missed, each with its peer, else all. */
function limitOf({ limits }) {
  if (limits.length === 0) return { note: '', isMissed: false }
  const missed = limits.filter((figure) => outcomeOf(figure) === 'missed')
  const texts =
    missed.length > 0
      ? missed.map((figure) => `${limitText(figure)} ${figure.peer ?? ''}`.trim())
      : limits.map(limitText)
  const isMissed = missed.length > 0
  return { note: `${isMissed ? '✗ must be' : '✓'} ${[...new Set(texts)].join(', ')}`, isMissed }
}

/** The limit gets a line of its own if it would run into the name of the case. */
function noteHeight(panel) {
  const letters = clip(panel.what, 78).length + panel.unit.length + limitOf(panel).note.length
  const notes = panel.isCost ? 28 : 14
  return limitOf(panel).note !== '' && letters + notes > maxHeadLetters ? 18 : 0
}

function barSvg(bar, y, scale, bounds) {
  const { name, value, ratio, spread = [value, value], isOurs } = bar
  const length = round(Math.max(1, scale.lengthOf(value)))
  const [from, to] = spread.map(scale.lengthOf)
  // The value is behind the spread and behind a limit that would cross it.
  const end = Math.max(length, to)
  const crossing = isOurs
    ? bounds.map(scale.lengthOf).filter((at) => at >= end && at < end + valueWidth)
    : []
  const baseline = y + barHeight - 4
  return [
    text(clip(name, 27), labelWidth + 8, baseline, {
      classes: isOurs ? 'head' : '',
      anchor: 'end',
    }),
    `<rect class="${isOurs ? 'ours' : 'peer'}" x="${barsAt}" y="${y}" width="${length}" height="${barHeight}" rx="2"/>`,
    ...(to > from ? [whisker(barsAt + from, barsAt + to, y + barHeight / 2)] : []),
    text(format(value), barsAt + Math.max(end, ...crossing) + 6, baseline),
    ...(Number.isFinite(ratio)
      ? [text(`${format(ratio)} ×`, width - padding, baseline, { classes: 'quiet', anchor: 'end' })]
      : []),
  ].join('\n')
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
