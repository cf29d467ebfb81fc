/** The page that shows all diagrams, with what each machine takes in, asks for and waits for. */
import { actionsOf, statesOf } from './chart.mjs'

const introduction = `# Machines

Written by \`scripts/gen-diagrams.mjs\` from the machines in \`src/machines\`; do not edit.

How to read the pictures:

- A dot is where a state starts; a double border is an end.
- An edge says \`event [guard] / actions\`. The guard \`else\` stands for the branch that is left when no guard before it
  holds.
- A dashed edge is taken at once, on no event, as soon as its guard holds. \`after NAME\` is a timer on the journal's clock.
- \`fx.*\` are effects: what the machine asks the world for. It only names them; they are performed after the entry that
  caused them is in the journal. \`action → fx.name\` is an action that may ask for that effect.
- Transitions that leave a machine where it is are listed in the state's box. \`ignored\` means that a state takes no
  notice of an event that a state around it would act on.
- \`in any state\` is for events that are acted on alike in every state of the box, unless that state says otherwise.
`

/** The page in Markdown, not formatted yet; `machines` are `{ name, summary, chart }`. */
export function writeReadme(machines) {
  const contents = machines.map(({ name }) => `- [${name}](#${name})`).join('\n')
  return [introduction, contents, ...machines.map(section)].join('\n\n')
}

function section({ name, summary, chart }) {
  return [
    `## ${name}`,
    summary,
    `![State diagram of the ${name} machine](${name}.svg)`,
    table(['State', 'What it means'], stateRows(chart)),
    table(['Event', 'What it does'], eventRows(chart)),
    table(['Effect', 'Asked for by'], effectRows(chart)),
    table(['Timer', 'What it does'], timerRows(chart)),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function table(head, rows) {
  if (rows.length === 0) return ''
  const lines = [head, head.map(() => '---'), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function stateRows({ root }) {
  return statesOf(root)
    .filter(({ id, description }) => id !== root.id && description !== undefined)
    .map(({ id, description }) => [pathOf(id, root), description])
}

function eventRows(chart) {
  const isEvent = ({ kind }) => kind !== 'always' && kind !== 'after'
  const label = ({ kind, event }) =>
    kind === 'event' ? code(event) : `${kind} ${code(event)}`.trim()
  return group(transitionsOf(chart).filter(isEvent), label, (transition) =>
    journey(transition, chart),
  )
}

function timerRows(chart) {
  const timers = transitionsOf(chart).filter(({ kind }) => kind === 'after')
  const raised = actionsOf(chart).flatMap(({ action, where }) =>
    action.raises.map((event) => ({ event, action, where })),
  )
  return [
    ...group(
      timers,
      ({ event }) => code(event),
      (timer) => journey(timer, chart),
    ),
    ...group(
      raised,
      ({ event }) => code(event),
      ({ action, where }) =>
        `comes back as an event, after ${code(action.name)} on ${place(where, chart)}`,
    ),
  ]
}

function effectRows(chart) {
  const uses = actionsOf(chart).flatMap(({ action, where }) =>
    action.effects.map((effect) => ({ effect, action, where })),
  )
  const effects = [...new Set(uses.map(({ effect }) => effect))]
  return effects.map((effect) => {
    const own = uses.filter((use) => use.effect === effect)
    const byAction = group(
      own,
      ({ action }) => action.name,
      ({ where }) => place(where, chart),
      ', ',
    )
    const texts = byAction.map(([name, places]) =>
      name === effect ? places : `${code(name)}: ${places}`,
    )
    return [code(effect), texts.join('<br>')]
  })
}

/** One row for each label, in order of appearance, with every different text that belongs to it. */
function group(items, labelOf, textOf, separator = '<br>') {
  const rows = new Map()
  for (const item of items) {
    const label = labelOf(item)
    rows.set(label, (rows.get(label) ?? new Set()).add(textOf(item)))
  }
  return [...rows].map(([label, texts]) => [label, [...texts].join(separator)])
}

function transitionsOf({ root, edges }) {
  return statesOf(root).flatMap((state) => [
    ...state.internal.map((transition) => ({ ...transition, isInternal: true })),
    ...edges.filter(({ source }) => source === state.id),
  ])
}

/** `source → target [guard]`, or the actions of a transition that stays, and the description. */
function journey(transition, { root }) {
  const { source, target, guard, actions, isInternal, reenters, description } = transition
  const when = guard === undefined ? '' : ` [${guard}]`
  const why = description === undefined ? '' : ` (${description.replace(/\.$/, '')})`
  const from = source === root.id ? 'any state' : pathOf(source, root)
  if (!isInternal) return `${from} → ${pathOf(target, root)}${when}${why}`
  if (reenters) return `${from}, entered again${when}${why}`
  if (actions.length === 0) return `${from}: ignored${when}${why}`
  return `${from}: ${actions.map(({ name }) => code(name)).join(', ')}${when}${why}`
}

function place({ state, on, transition }, { root }) {
  if (state !== undefined) return `${on} of ${pathOf(state.id, root)}`
  const { kind, event, source, guard } = transition
  const trigger =
    kind === 'event' ? code(event) : `${kind} ${event === '' ? '' : code(event)}`.trim()
  const where = source === root.id ? 'any state' : pathOf(source, root)
  return `${trigger}${guard === undefined ? '' : ` [${guard}]`} in ${where}`
}

function pathOf(id, root) {
  return id === root.id ? root.key : id.slice(root.id.length + 1)
}

function code(text) {
  return text === '' ? '' : `\`${text}\``
}
