/**
 * All limits in one picture: a row for each promise, a mark for each of its figures, at how far it reaches
 * its limit, on one logarithmic scale. Right of the line of the limits is better.
 */
import { format, limitText, outcomeOf, reachOf } from '../limits.mjs'
import { clip, line, padding, round, svgOf, text } from './svg.mjs'

const plotAt = 272
const plotWidth = 280
const notesAt = plotAt + plotWidth + 24
const rowHeight = 24
const headHeight = 46
/** What is further from its limit is drawn at the edge. */
const [least, most] = [0.125, 8]
const ticks = [0.125, 0.25, 0.5, 1, 2, 4, 8]

/** `rows` are promises, each with its figures that have a limit. */
export function summarySvg(rows) {
  const height = headHeight + rows.length * rowHeight + padding
  const bottom = height - padding
  return svgOf('Each promise: how far its figures reach their limits', height, [
    text('× its limit', plotAt - 12, headHeight - 12, { classes: 'quiet small', anchor: 'end' }),
    text('worse', plotAt, 18, { classes: 'quiet small' }),
    text('limit', xOf(1), 18, { classes: 'missed small', anchor: 'middle' }),
    text('better', plotAt + plotWidth, 18, { classes: 'quiet small', anchor: 'end' }),
    ...ticks.flatMap((tick) => [
      line(tick === 1 ? 'limit' : 'grid', xOf(tick), headHeight - 6, xOf(tick), bottom),
      text(tickText(tick), xOf(tick), headHeight - 12, {
        classes: 'quiet small',
        anchor: 'middle',
      }),
    ]),
    ...rows.map((row, index) => rowSvg(row, headHeight + (index + 0.5) * rowHeight)),
  ])
}

function rowSvg({ what, figures }, y) {
  const missed = figures.filter((figure) => outcomeOf(figure) === 'missed')
  const met = figures.filter((figure) => outcomeOf(figure) === 'met')
  const outcome = missed.length > 0 ? 'missed' : met.length > 0 ? 'met' : 'quiet'
  return [
    text(clip(what, 44), plotAt - 12, y + 4, { anchor: 'end' }),
    ...[...met, ...missed].map((figure) => markSvg(figure, y)),
    text(noteOf(figures, missed), notesAt, y + 4, { classes: `${outcome} small` }),
  ].join('\n')
}

/** A circle for what is met, a diamond for what is missed, on a line from the least to the most of its rounds. */
function markSvg(figure, y) {
  const { reach, ends } = reachOf(figure)
  const x = xOf(reach)
  const outcome = outcomeOf(figure)
  const [from = reach, to = reach] = ends
  const mark =
    outcome === 'met'
      ? `<circle class="met" cx="${round(x)}" cy="${y}" r="4.5"/>`
      : `<path class="missed" d="M${round(x)} ${y - 6}l6 6l-6 6l-6 -6z"/>`
  return `${line(`reach ${outcome}`, xOf(from), y, xOf(to), y)}\n${mark}`
}

/** Of missed figures the one that is furthest from its limit. */
function noteOf(figures, missed) {
  if (figures.length === 0) return 'no figure yet'
  if (missed.length === 0) return figures.length === 1 ? '✓' : `✓ all ${figures.length}`
  const [worst] = missed.toSorted((one, other) => reachOf(one).reach - reachOf(other).reach)
  const reached =
    worst.ratio === undefined || worst.limit.of === 'value'
      ? `${format(worst.value)} ${worst.unit}`
      : `${format(worst.ratio)} × ${worst.peer}`
  const count = figures.length === 1 ? '✗' : `✗ ${missed.length} of ${figures.length}:`
  return clip(`${count} ${reached} (${limitText(worst)})`, 44)
}

function xOf(reach) {
  const within = Math.min(most, Math.max(least, reach))
  return plotAt + (Math.log(within / least) / Math.log(most / least)) * plotWidth
}

function tickText(tick) {
  return tick < 1 ? `1/${1 / tick}` : String(tick)
}
