/**
 * Lines of coloured text, and their sizes. A line is a list of `{ text, role }`; a part with a
 * `column` begins at that character of its line, others after the previous part.
 */

export const lineHeight = 15
export const fontSize = 11
export const titleSize = 13

/** Wide enough for the fonts of all machines: text must stay inside its box. */
const monospaceWidth = 0.62
const sansWidth = 0.68
const descriptionWidth = 0.58

/** Characters between the columns of a table. */
const gap = 2

function widthOfLine(line) {
  return Math.ceil(offsetOf(lengthOf(line)))
}

/** Where a column begins, from the start of its line. */
export function offsetOf(column) {
  return column * fontSize * monospaceWidth
}

export function widthOfLines(lines) {
  return Math.max(0, ...lines.map(widthOfLine))
}

export function widthOfTitle(title) {
  return Math.ceil(title.length * titleSize * sansWidth)
}

/**
 * `event [guard] / action, action` on as many lines as it takes, those after the first indented;
 * `→ state` last, for a target inside a folded box.
 */
export function transitionLines(transition, maxChars) {
  const guard = transition.guard === undefined ? [] : [span(`[${transition.guard}]`, 'guard')]
  const actions = actionItems(transition.actions, '/ ')
  const into = transition.into === undefined ? [] : [span(`→ ${transition.into}`, 'dim')]
  const lines = wrap([...triggerItems(transition), guard, ...actions, into], maxChars)
  return lines.map((line) => titled(line, transition.description))
}

/** `entry / action, action`, wrapped alike. */
export function actionLines(keyword, actions, maxChars) {
  if (actions.length === 0) return []
  return wrap([[span(keyword, 'dim')], ...actionItems(actions, '/ ')], maxChars)
}

/**
 * A table of the transitions that stay in their state, one list of lines for each row: events on
 * the left, what they do on the right. Events that do the same share a row. `ignored` marks an
 * event without effect, `enters again` a transition that enters the state again.
 */
export function internalTable(transitions, maxChars) {
  const rows = tableRows(transitions)
  const width = Math.max(0, ...rows.flatMap(({ triggers }) => triggers.map(lengthOf)))
  return rows.map(({ triggers, items, title }) => {
    const right = wrap(items, Math.max(24, maxChars - width - gap))
    const height = Math.max(triggers.length, right.length)
    return Array.from({ length: height }, (_, index) => {
      const [first, ...others] = right[index] ?? []
      const cell =
        first === undefined
          ? []
          : [{ ...first, column: width + gap + (first.column ?? 0) }, ...others]
      return titled([...(triggers[index] ?? []), ...cell], title)
    })
  })
}

/**
 * Words of a description on as few lines of at most `maxChars` as possible, about equally long; none
 * for `undefined`.
 */
export function descriptionLines(description, maxChars) {
  const words = (description ?? '').split(/\s+/).filter((word) => word !== '')
  let lines = breakLines(words, maxChars)
  for (let chars = maxChars - 1; chars > 0; chars--) {
    const narrower = breakLines(words, chars)
    if (narrower.length > lines.length) break
    lines = narrower
  }
  return lines
}

function breakLines(words, maxChars) {
  const lines = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > maxChars) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

/** A line with a text for the pointer. */
function titled(line, title) {
  return title === undefined ? line : Object.assign(line, { title })
}

export function widthOfDescription(lines) {
  return Math.ceil(Math.max(0, ...lines.map(({ length }) => length)) * fontSize * descriptionWidth)
}

export function span(text, role) {
  return { text, role }
}

/** Guards of one event share its name; events without a guard that do the same share a row. */
function tableRows(transitions) {
  const rows = []
  for (const transition of transitions) {
    const { guard, description: title } = transition
    const [trigger = always] = triggerItems(transition)
    const items = tableItems(transition)
    const [event, key] = [textOf(trigger), items.map(textOf).join() + title]
    const twin =
      guard === undefined && rows.find((row) => row.guard === undefined && row.key === key)
    if (twin) twin.triggers.push(trigger)
    else if (rows.at(-1)?.event === event)
      rows.push({ triggers: [], event, items, title, guard, key })
    else rows.push({ triggers: [trigger], event, items, title, guard, key })
  }
  return rows
}

const always = [span('always', 'dim')]

function tableItems({ guard, actions, target, reenters }) {
  const note = actions.length === 0 && target === undefined ? 'ignored' : undefined
  const notes = reenters ? 'enters again' : note
  return [
    ...(guard === undefined ? [] : [[span(`[${guard}]`, 'guard')]]),
    ...actionItems(actions),
    ...(notes === undefined ? [] : [[span(notes, 'dim')]]),
  ]
}

function textOf(spans) {
  return spans.map(({ text }) => text).join('')
}

function triggerItems({ kind, event }) {
  if (kind === 'always') return []
  if (kind === 'event') return [[span(event, 'event')]]
  if (kind === 'after') return [[span('after ', 'dim'), span(event, 'timer')]]
  return [[span(event === '' ? kind : `${kind} `, 'dim'), span(event, 'event')]]
}

function actionItems(actions, lead = '') {
  return actions.map((action, index) => [
    ...(index === 0 && lead !== '' ? [span(lead, 'dim')] : []),
    ...actionSpans(action),
    ...(index < actions.length - 1 ? [span(',', 'dim')] : []),
  ])
}

function actionSpans({ name, effects, raises, spawns, params }) {
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

function wrap(items, maxChars) {
  const lines = [[]]
  for (const item of items.filter((spans) => spans.length > 0)) {
    const line = lines.at(-1)
    const length = lengthOf(line)
    if (length > 0 && length + 1 + lengthOf(item) > maxChars)
      lines.push([{ ...item[0], column: 2 }, ...item.slice(1)])
    else line.push(...(length > 0 ? [span(' ', 'dim')] : []), ...item)
  }
  return lines
}

function lengthOf(spans) {
  return spans.reduce((end, { text, column = end }) => column + text.length, 0)
}
