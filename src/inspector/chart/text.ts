/**
 * Lines of coloured text, and their sizes. A span with a `column` begins at that character of its
 * line, others after the previous span.
 */
import { defined } from '../../defined.ts'
import type { ChartSpan } from '../protocol/chart.ts'
import type { ChartAction } from './describe.ts'
import type { ChartTransition } from './machine-chart.ts'

/** A span that may begin at a character of its line. */
export interface TextSpan extends ChartSpan {
  readonly column?: number
}

export interface TextLine {
  readonly spans: readonly TextSpan[]
  /** Keys of the transitions that it stands for. */
  readonly transitions?: readonly string[]
  /** Text for the pointer. */
  readonly hint?: string
}

export const lineHeight = 15
export const fontSize = 11
export const titleSize = 13

/** Wide enough for the fonts of all machines: text must stay inside its box. */
const monospaceWidth = 0.62
const sansWidth = 0.68
const descriptionWidth = 0.58

/** Characters between the columns of a table. */
const gap = 2

type Spans = readonly TextSpan[]

/** Where a column begins, from the start of its line, px. */
export function offsetOf(column: number): number {
  return column * fontSize * monospaceWidth
}

export function widthOfLines(lines: readonly TextLine[]): number {
  return Math.max(0, ...lines.map(({ spans }) => Math.ceil(offsetOf(lengthOf(spans)))))
}

export function widthOfTitle(title: string): number {
  return Math.ceil(title.length * titleSize * sansWidth)
}

export function widthOfDescription(lines: readonly string[]): number {
  return Math.ceil(Math.max(0, ...lines.map(({ length }) => length)) * fontSize * descriptionWidth)
}

/**
 * `event [guard] / action, action` on as many lines as it takes, those after the first indented;
 * `→ state` last, for a target inside a collapsed state.
 */
export function transitionLines(
  transition: ChartTransition,
  maxChars: number,
): readonly TextLine[] {
  const { actions, description, guard, into, key } = transition
  const items = [
    ...triggerItems(transition),
    guard === undefined ? [] : [span(`[${guard}]`, 'guard')],
    ...actionItems(actions, '/ '),
    into === undefined ? [] : [span(`→ ${into}`, 'dim')],
  ]
  return wrap(items, maxChars)
    .filter((spans) => spans.length > 0)
    .map((spans) => ({ spans, transitions: [key], ...defined({ hint: description }) }))
}

/** `entry / action, action`, wrapped alike. */
export function actionLines(
  keyword: string,
  actions: readonly ChartAction[],
  maxChars: number,
): readonly TextLine[] {
  if (actions.length === 0) return []
  return wrap([[span(keyword, 'dim')], ...actionItems(actions, '/ ')], maxChars).map((spans) => {
    return { spans }
  })
}

/**
 * A table of the transitions that stay in their state, one list of lines for each row: events on
 * the left, what they do on the right. Events that do the same share a row. `ignored` marks an
 * event without effect, `enters again` a transition that enters the state again.
 */
export function internalTable(
  transitions: readonly ChartTransition[],
  maxChars: number,
): readonly (readonly TextLine[])[] {
  const rows = tableRows(transitions)
  const width = Math.max(0, ...rows.flatMap(({ triggers }) => triggers.map(lengthOf)))
  return rows.map(({ triggers, items, hint, keys }) => {
    const right = wrap(items, Math.max(24, maxChars - width - gap))
    const height = Math.max(triggers.length, right.length)
    return Array.from({ length: height }, (_, index) => {
      const [first, ...others] = right[index] ?? []
      const cell =
        first === undefined
          ? []
          : [{ ...first, column: width + gap + (first.column ?? 0) }, ...others]
      const spans = [...(triggers[index] ?? []), ...cell]
      return { spans, transitions: keys, ...defined({ hint }) }
    })
  })
}

/**
 * Words of a description on as few lines of at most `maxChars` as possible, about equally long; none
 * for `undefined`.
 */
export function descriptionLines(
  description: string | undefined,
  maxChars: number,
): readonly string[] {
  const words = (description ?? '').split(/\s+/).filter((word) => word !== '')
  let lines = breakLines(words, maxChars)
  for (let chars = maxChars - 1; chars > 0; chars--) {
    const narrower = breakLines(words, chars)
    if (narrower.length > lines.length) break
    lines = narrower
  }
  return lines
}

function breakLines(words: readonly string[], maxChars: number): readonly string[] {
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > maxChars) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

export function span(text: string, role: TextSpan['role']): TextSpan {
  return { text, role }
}

interface TableRow {
  readonly triggers: Spans[]
  readonly event: string
  readonly items: readonly Spans[]
  readonly hint: string | undefined
  readonly guard: string | undefined
  /** Equal for rows that do the same. */
  readonly text: string
  readonly keys: string[]
}

/** Guards of one event share its name; events without a guard that do the same share a row. */
function tableRows(transitions: readonly ChartTransition[]): readonly TableRow[] {
  const rows: TableRow[] = []
  for (const transition of transitions) {
    const { guard, description: hint, key } = transition
    const [trigger = always] = triggerItems(transition)
    const items = tableItems(transition)
    const [event, text] = [textOf(trigger), items.map(textOf).join() + hint]
    const row = { triggers: [trigger], event, items, hint, guard, text, keys: [key] }
    const twin =
      guard === undefined
        ? rows.find((other) => other.guard === undefined && other.text === text)
        : undefined
    if (twin === undefined) rows.push(rows.at(-1)?.event === event ? { ...row, triggers: [] } : row)
    else {
      twin.triggers.push(trigger)
      twin.keys.push(key)
    }
  }
  return rows
}

const always = [span('always', 'dim')]

function tableItems({ guard, actions, target, reenters }: ChartTransition): readonly Spans[] {
  const note = actions.length === 0 && target === undefined ? 'ignored' : undefined
  const notes = reenters ? 'enters again' : note
  return [
    ...(guard === undefined ? [] : [[span(`[${guard}]`, 'guard')]]),
    ...actionItems(actions),
    ...(notes === undefined ? [] : [[span(notes, 'dim')]]),
  ]
}

function textOf(spans: Spans): string {
  return spans.map(({ text }) => text).join('')
}

function triggerItems({ kind, event }: ChartTransition): readonly Spans[] {
  if (kind === 'always') return []
  if (kind === 'event') return [[span(event, 'event')]]
  if (kind === 'after') return [[span('after ', 'dim'), span(event, 'timer')]]
  return [[span(event === '' ? kind : `${kind} `, 'dim'), span(event, 'event')]]
}

function actionItems(actions: readonly ChartAction[], lead = ''): readonly Spans[] {
  return actions.map((action, index) => [
    ...(index === 0 && lead !== '' ? [span(lead, 'dim')] : []),
    ...actionSpans(action),
    ...(index < actions.length - 1 ? [span(',', 'dim')] : []),
  ])
}

function actionSpans({ name, effects, raises, spawns, params }: ChartAction): Spans {
  if (name.startsWith('fx.')) {
    return [span(name, 'effect'), ...(params === undefined ? [] : [span(`(${params})`, 'dim')])]
  }
  return [
    span(name, 'action'),
    ...effects.flatMap((effect) => [span(' → ', 'dim'), span(effect, 'effect')]),
    ...raises.flatMap((event) => [span(' → later ', 'dim'), span(event, 'timer')]),
    ...spawns.flatMap((child) => [span(' → spawn ', 'dim'), span(child, 'event')]),
  ]
}

function wrap(items: readonly Spans[], maxChars: number): readonly Spans[] {
  const lines: TextSpan[][] = [[]]
  for (const item of items) {
    const [first, ...rest] = item
    if (first === undefined) continue
    const line = lines.at(-1) ?? []
    const length = lengthOf(line)
    if (length > 0 && length + 1 + lengthOf(item) > maxChars)
      lines.push([{ ...first, column: 2 }, ...rest])
    else line.push(...(length > 0 ? [span(' ', 'dim')] : []), ...item)
  }
  return lines
}

function lengthOf(spans: Spans): number {
  return spans.reduce((end, { text, column = end }) => column + text.length, 0)
}
