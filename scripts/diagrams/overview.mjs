/**
 * The picture of the whole scheduler process. Its arrangement and words are made by hand
 * (`overview-story.mjs`); the states of the components, and where an event leads, come from the
 * machines.
 */
import { descriptionLines, n, rect, statesOf, svgPage, text } from './chart.mjs'

const size = { width: 1080, height: 772 }
const scheduler = { x: 132, y: 150, width: 800, height: 504 }
const card = { width: 186, gap: 10, left: 146 }

const styles = [
  'text { font-size: 12px }',
  '.sans { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif }',
  '.word { font: 700 16px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif }',
  '.story, .word, .now { --story: #0550ae; --on-story: #ffffff }',
  '.fault, .fault-box { --fault: #b42318 }',
  '@media (prefers-color-scheme: dark) {',
  '.story, .word, .now { --story: #79c0ff; --on-story: #0d1117 }',
  '.fault, .fault-box { --fault: #ff8a80 }',
  '}',
  '.story { fill: var(--story) }',
  '.word { fill: var(--on-story) }',
  '.now { fill: none; stroke: var(--story); stroke-width: 2 }',
  '.fault { fill: var(--fault); font-weight: 700 }',
  '.fault-box { fill: none; stroke: var(--fault); stroke-dasharray: 5 3 }',
  '.stream { font-weight: 700 }',
]

/**
 * The picture as text. `machines` are `{ name, summary, chart }`, `story` is as in
 * `overview-story.mjs`. Throws if the story names a machine, a state, an event or a target that
 * does not exist.
 */
export function drawOverview(machines, story) {
  const find = (name) => {
    const machine = machines.find((candidate) => candidate.name === name)
    if (machine === undefined) throw new Error(`overview: no machine named ${name}`)
    return machine
  }
  return svgPage(size, story.title, [...surroundings(), ...inside(story, find)], styles)
}

function inside({ life, steps, others }, find) {
  return [
    rect('even', scheduler, 10),
    text('title', scheduler.x + 14, scheduler.y + 24, 'scheduler', 'start'),
    text('hint', scheduler.x + 92, scheduler.y + 24, life.text, 'start'),
    ...pills(life, find(life.machine), { x: scheduler.x + 14, y: scheduler.y + 36, width: 780 }),
    ...steps.flatMap((step, index) => drawStep(step, index, find)),
    ...others.flatMap((other, index) => drawOther(other, index, others.length, find)),
  ]
}

/**
 * One word of the story, the component that says it, and what can go wrong there. The states are of
 * the component, or of the machine of its `rows`.
 */
function drawStep(step, index, find) {
  const x = card.left + index * (card.width + card.gap)
  const machine = find(step.machine)
  const box = { x, y: 264, width: card.width, height: 140 }
  const center = x + card.width / 2
  return [
    chevron(x, 218, index),
    text('word', center + (index === 0 ? 0 : 5), 243, step.word, 'middle'),
    rect('odd', box, 8, '', machine.summary),
    text('title', x + 12, box.y + 22, machine.chart.root.key, 'start'),
    ...pills(step, find(step.rows ?? step.machine), {
      x: x + 12,
      y: box.y + 34,
      width: card.width - 24,
    }),
    ...drawFault(step.fault, x, find),
  ]
}

/** An arrow whose end fits the next one. */
function chevron(x, y, index) {
  const [width, height, tip] = [card.width + 4, 38, 14]
  const back = index === 0 ? '' : `L${n(x + tip)} ${n(y + height / 2)}`
  const points = `M${n(x)} ${n(y)}h${width - tip}l${tip} ${height / 2}l-${tip} ${height / 2}h-${width - tip}${back}z`
  return `<path class="story" d="${points}"/>`
}

function drawFault({ title, machine, event, goal, remedy }, x, find) {
  const box = { x, y: 424, width: card.width, height: 110 }
  const targets = targetsOf(find(machine).chart, event)
  if (goal !== undefined && !targets.includes(goal)) {
    throw new Error(`overview: ${event} leads to ${targets.join(', ')}, not to ${goal}`)
  }
  const lines = goal === undefined ? [event] : [event, `→ ${goal}`]
  return [
    edge(`M${n(x + card.width / 2)} ${box.y}V406`),
    rect('fault-box', box, 8),
    text('fault sans', x + 12, box.y + 21, title, 'start'),
    ...lines.map((line, row) => text('action', x + 12, box.y + 40 + row * 16, line, 'start')),
    ...paragraph(remedy, x + 12, box.y + 42 + lines.length * 16, 29),
  ]
}

function drawOther({ machine, text: words }, index, count, find) {
  const width = (scheduler.width - 28 - (count - 1) * card.gap) / count
  const x = card.left + index * (width + card.gap)
  const { chart, summary } = find(machine)
  return [
    rect('odd', { x, y: 552, width, height: 88 }, 8, '', summary),
    text('title', x + 12, 574, chart.root.key, 'start'),
    ...paragraph(words, x + 12, 592, Math.floor(width / 6.4)),
  ]
}

/** The top states of a machine as pills, in rows; the state of the story has a ring. */
function pills({ state, states }, { name, chart }, { x, y, width }) {
  const all = statesOf(chart.root).map(({ id }) => id.slice(chart.root.id.length + 1))
  const shown = states ?? chart.root.states.map(({ key }) => key)
  for (const path of [...shown, ...(state === undefined ? [] : [state])]) {
    if (!all.includes(path)) throw new Error(`overview: ${name} has no state ${path}`)
  }
  let [left, top] = [x, y]
  return shown.map((path) => {
    const key = path.split('.').at(-1)
    const pill = { x: left, y: top, width: key.length * 7.2 + 14, height: 20 }
    if (left > x && left + pill.width > x + width) Object.assign(pill, { x, y: (top += 25) })
    left = pill.x + pill.width + 6
    const { description } = statesOf(chart.root).find(({ id }) => id.endsWith(`.${path}`))
    return [
      rect(path === state ? 'now' : 'any', pill, 10, '', description),
      text('action', pill.x + pill.width / 2, pill.y + 14, key, 'middle'),
    ].join('\n')
  })
}

/** The states that an event leads to. */
function targetsOf({ root, edges }, event) {
  const internal = statesOf(root).flatMap((state) => state.internal)
  const isOfEvent = (transition) => transition.event === event
  if (![...edges, ...internal].some(isOfEvent)) {
    throw new Error(`overview: ${root.key} has no event ${event}`)
  }
  return edges.filter(isOfEvent).map(({ target }) => target.slice(root.id.length + 1))
}

function surroundings() {
  return [
    ...node({ x: 10, y: 30, width: 92, height: 732 }, ['Mesos', 'master']),
    ...node({ x: 190, y: 56, width: 130, height: 44 }, ['inbox']),
    ...node({ x: 430, y: 56, width: 130, height: 44 }, ['journal']),
    ...node({ x: 670, y: 56, width: 262, height: 44 }, ['jobs, libraries, calls of users']),
    ...node({ x: 962, y: 200, width: 108, height: 92 }, ['inspector,', 'recorder'], 'transition$'),
    ...node(
      { x: 962, y: 340, width: 108, height: 108 },
      ['run(),', 'listeners,', 'pages'],
      'fact$',
    ),
    ...node({ x: 430, y: 704, width: 130, height: 44 }, ['performer']),
    ...node({ x: 670, y: 704, width: 130, height: 44 }, ['jar server']),
    ...node({ x: 910, y: 704, width: 160, height: 44 }, ['executors']),
    ...stream('event$', 'M104 78H188', 146, 70),
    ...stream('entry$', 'M322 78H428', 375, 70),
    ...stream('entry$', 'M495 102V148', 503, 130, 'start'),
    ...stream('', 'M800 56V34H255V54', 0, 0),
    ...stream('', 'M934 246H960', 0, 0),
    ...stream('', 'M934 394H960', 0, 0),
    ...stream('effect$', 'M495 656V702', 503, 684, 'start'),
    ...stream('results, clock', 'M428 716H118V90H188', 266, 708),
    ...stream('calls', 'M428 736H104', 266, 752),
    ...stream('', 'M562 726H668', 0, 0),
    ...stream('libraries', 'M802 726H908', 855, 718),
  ]
}

/** `stream` is the name of the stream that enters the box. */
function node(box, lines, stream) {
  const count = lines.length + (stream === undefined ? 0 : 1)
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2 + 5 - (count - 1) * 9]
  const head = stream === undefined ? [] : [text('stream effect', x, y, stream, 'middle')]
  return [
    rect('odd', box, 8),
    ...head,
    ...lines.map((line, row) => text('title', x, y + (row + head.length) * 18, line, 'middle')),
  ]
}

function stream(name, path, x, y, anchor = 'middle') {
  const label = text('stream effect', x, y, name, anchor)
  return name === '' ? [edge(path)] : [edge(path), label]
}

function edge(path) {
  return `<path class="edge" d="${path}" marker-end="url(#arrow)"/>`
}

function paragraph(words, x, y, maxChars) {
  return descriptionLines(words, maxChars).map((line, row) =>
    text('hint', x, y + row * 15, line, 'start'),
  )
}
