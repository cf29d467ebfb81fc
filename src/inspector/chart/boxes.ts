/** The content and the size of the box of a state. */
import type { ChartBox } from '../protocol/chart.ts'
import type { ChartState } from './machine-chart.ts'
import {
  actionLines,
  descriptionLines,
  internalTable,
  lineHeight,
  span,
  widthOfDescription,
  widthOfLines,
  widthOfTitle,
} from './text.ts'
import type { TextLine } from './text.ts'

export const padding = 12
export const columnGap = 28

const boxChars = 56
const descriptionChars = { leaf: 40, compound: 72 }
const titleHeight = 28

/** A box without its place. The states inside it are not part of its size. */
export interface MeasuredBox {
  readonly width: number
  readonly height: number
  readonly shape: ChartBox['shape']
  readonly title: string
  readonly hint: string | undefined
  readonly description: readonly string[]
  /** Where the rule below title and description is, from the top. */
  readonly ruleAt: number
  /** Lines under the rule. */
  readonly columns: readonly (readonly TextLine[])[]
}

export function measureBox(state: ChartState): MeasuredBox {
  const { key: title, description: hint, isCollapsed = false } = state
  const isCompound = state.states.length > 0
  const description = descriptionLines(hint, descriptionChars[isCompound ? 'compound' : 'leaf'])
  const columns = columnsOf(bodyLines(state), isCompound)
  const ruleAt = titleHeight + description.length * lineHeight
  const head = Math.max(widthOfTitle(title), widthOfDescription(description))
  return {
    width: Math.max(84, head + 2 * padding, widthOfColumns(columns)),
    height: ruleAt + bodyHeight(columns),
    shape: isCompound || isCollapsed ? 'compound' : shapeOf(state),
    title,
    hint,
    description,
    ruleAt,
    columns,
  }
}

function shapeOf({ type }: ChartState): ChartBox['shape'] {
  return type === 'final' || type === 'history' ? type : 'state'
}

function bodyLines({
  invoked,
  entry,
  exit,
  internal,
}: ChartState): readonly (readonly TextLine[])[] {
  const children = invoked.map(({ id, src }) => ({
    spans: [
      span('invoke ', 'dim'),
      span(id, 'event'),
      ...(src === id ? [] : [span(` (${src})`, 'dim')]),
    ],
  }))
  return [
    ...children.map((line) => [line]),
    actionLines('entry', entry, boxChars),
    actionLines('exit', exit, boxChars),
    ...internalTable(internal, boxChars),
  ].filter((group) => group.length > 0)
}

/** A long list in a box that is wide anyway goes in two columns. */
function columnsOf(
  groups: readonly (readonly TextLine[])[],
  isCompound: boolean,
): readonly (readonly TextLine[])[] {
  if (groups.length === 0) return []
  if (!isCompound || groups.length < 6) return [groups.flat()]
  const half = groups.flat().length / 2
  const split = groups.findIndex((_, index) => groups.slice(0, index).flat().length >= half)
  return [groups.slice(0, split).flat(), groups.slice(split).flat()]
}

function widthOfColumns(columns: MeasuredBox['columns']): number {
  if (columns.length === 0) return 0
  const widths = columns.map(widthOfLines).reduce((sum, width) => sum + width, 0)
  return widths + (columns.length - 1) * columnGap + 2 * padding
}

function bodyHeight(columns: MeasuredBox['columns']): number {
  if (columns.length === 0) return 4
  return Math.max(...columns.map((lines) => lines.length)) * lineHeight + 12
}
