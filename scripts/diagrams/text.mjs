/** Lines of coloured text, and how much room they need. A line is a list of `{ text, role }`. */

export const lineHeight = 15
export const fontSize = 11
export const titleSize = 13

/** Generous: fonts differ between machines, and text must stay inside its box in all of them. */
const monospaceWidth = 0.62
const sansWidth = 0.68

function widthOfLine(line) {
  const length = line.reduce((sum, { text }) => sum + text.length, 0)
  return Math.ceil(length * fontSize * monospaceWidth)
}

export function widthOfLines(lines) {
  return Math.max(0, ...lines.map(widthOfLine))
}

export function widthOfTitle(title) {
  return Math.ceil(title.length * titleSize * sansWidth)
}

/** `event [guard] / action, action` on as many lines as it takes, those after the first indented. */
export function transitionLines(transition, maxChars) {
  const guard = transition.guard === undefined ? [] : [span(`[${transition.guard}]`, 'guard')]
  const actions = actionItems(transition.actions, '/ ')
  return wrap([...triggerItems(transition), guard, ...actions], maxChars)
}

/** `entry / action, action`, wrapped alike. */
export function actionLines(keyword, actions, maxChars) {
  if (actions.length === 0) return []
  return wrap([[span(keyword, 'dim')], ...actionItems(actions, '/ ')], maxChars)
}

/** A transition that stays: what is ignored on purpose says so, what enters its state again too. */
export function internalLines(transition, maxChars) {
  const lines = transitionLines(transition, maxChars)
  const isIgnored = transition.actions.length === 0 && transition.target === undefined
  const note = isIgnored ? 'ignored' : transition.reenters ? 'enters again' : undefined
  if (note !== undefined) lines.at(-1).push(span(` · ${note}`, 'dim'))
  return lines
}

export function span(text, role) {
  return { text, role }
}

function triggerItems({ kind, event }) {
  if (kind === 'always') return []
  if (kind === 'event') return [[span(event, 'event')]]
  if (kind === 'after') return [[span('after ', 'dim'), span(event, 'timer')]]
  return [[span(event === '' ? kind : `${kind} `, 'dim'), span(event, 'event')]]
}

function actionItems(actions, lead) {
  return actions.map((action, index) => [
    ...(index === 0 ? [span(lead, 'dim')] : []),
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
      lines.push([span('  ', 'dim'), ...item])
    else line.push(...(length > 0 ? [span(' ', 'dim')] : []), ...item)
  }
  return lines
}

function lengthOf(spans) {
  return spans.reduce((sum, { text }) => sum + text.length, 0)
}
