/** The content and the size of the box of a state. */
import {
  actionLines,
  descriptionLines,
  internalTable,
  lineHeight,
  span,
  widthOfDescription,
  widthOfLines,
  widthOfTitle,
} from './text.mjs'

export const padding = 12
export const columnGap = 28

const boxChars = 56
const descriptionChars = { leaf: 40, compound: 72 }
const titleHeight = 28

/**
 * The box of a state without its place: its size, `shape`, title, lines of its description, where
 * the rule below them is (`ruleAt`, from the top), and columns of lines under the rule. The states
 * inside it are not part of the size.
 */
export function measureBox(state) {
  const { key: title, description: hint } = state
  const isCompound = state.states.length > 0
  const description = descriptionLines(hint, descriptionChars[isCompound ? 'compound' : 'leaf'])
  const columns = columnsOf(bodyLines(state), isCompound)
  const ruleAt = titleHeight + description.length * lineHeight
  const head = Math.max(widthOfTitle(title), widthOfDescription(description))
  return {
    width: Math.max(84, head + 2 * padding, widthOfColumns(columns)),
    height: ruleAt + bodyHeight(columns),
    shape: isCompound ? 'compound' : state.type === 'final' ? 'final' : 'state',
    title,
    hint,
    description,
    ruleAt,
    columns,
  }
}

function bodyLines({ invoked, entry, exit, internal }) {
  return [
    ...invoked.map(({ id, src }) => [
      [
        span('invoke ', 'dim'),
        span(id, 'event'),
        ...(src === id ? [] : [span(` (${src})`, 'dim')]),
      ],
    ]),
    actionLines('entry', entry, boxChars),
    actionLines('exit', exit, boxChars),
    ...internalTable(internal, boxChars),
  ].filter((group) => group.length > 0)
}

/** A long list in a box that is wide anyway goes in two columns. */
function columnsOf(groups, isCompound) {
  if (groups.length === 0) return []
  if (!isCompound || groups.length < 6) return [groups.flat()]
  const half = groups.flat().length / 2
  const split = groups.findIndex((_, index) => groups.slice(0, index).flat().length >= half)
  return [groups.slice(0, split).flat(), groups.slice(split).flat()]
}

function widthOfColumns(columns) {
  if (columns.length === 0) return 0
  const widths = columns.map(widthOfLines).reduce((sum, width) => sum + width, 0)
  return widths + (columns.length - 1) * columnGap + 2 * padding
}

function bodyHeight(columns) {
  if (columns.length === 0) return 4
  return Math.max(...columns.map((lines) => lines.length)) * lineHeight + 12
}
