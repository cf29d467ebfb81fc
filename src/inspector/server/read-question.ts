/** Checks the questions of a page: everything on the WebSocket comes from outside. */
import type { Filter, QuestionMessage, QuestionName, Questions } from '../protocol/questions.ts'

type Check = (value: unknown) => boolean
type Shape = Readonly<Record<string, Check>>

const maxText = 4096

const count =
  (max: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= max
const seq = count(Number.MAX_SAFE_INTEGER)
const integer: Check = (value) => Number.isSafeInteger(value)
const text: Check = (value) => typeof value === 'string' && value.length <= maxText
const flag: Check = (value) => typeof value === 'boolean'
const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value)
const listOf =
  (check: Check, max: number): Check =>
  (value) =>
    Array.isArray(value) && value.length <= max && value.every(check)
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)
const object =
  (shape: Shape): Check =>
  (value) =>
    fits(value, shape)
const event: Check = (value) =>
  isObject(value) && typeof value['type'] === 'string' && value['type'].length <= maxText

const filter: { readonly [Key in keyof Required<Filter>]: Check } = {
  text: optional(text),
  isRegex: optional(flag),
  actor: optional(text),
  type: optional(text),
  failedOnly: optional(flag),
}

const command: Check = (value) =>
  isObject(value) &&
  (value['kind'] === 'revive' ||
    (value['kind'] === 'kill' && text(value['taskId'])) ||
    (value['kind'] === 'addLibrary' && text(value['coordinate'])))

const shapes: {
  readonly [Name in QuestionName]: { readonly [Key in keyof Questions[Name]['params']]-?: Check }
} = {
  rows: { from: seq, count: count(500) },
  rowsOf: { seqs: listOf(seq, 500) },
  find: { filter: object(filter) },
  buckets: { count: count(1000), by: oneOf('seq', 'time') },
  moment: { seq },
  context: { seq, actor: text, path: listOf(text, 64), skip: optional(seq) },
  step: { seq },
  lanes: { from: seq, to: seq },
  chart: { chart: text, collapsed: optional(listOf(text, 500)) },
  next: { seq, direction: oneOf(1, -1), kind: oneOf('failure', 'rejection', 'restart', 'change') },
  at: { now: seq },
  branch: { seq, event },
  cluster: { seq },
  tasks: { offset: seq, count: count(2000) },
  libraries: { seq },
  sandbox: { taskId: text, file: oneOf('stdout', 'stderr'), offset: integer },
  control: { command },
}

/** A question, or what is wrong with the message. Unknown members are ignored. */
export function readQuestion(message: string): QuestionMessage | { readonly wrong: string } {
  const value = parse(message)
  if (!isObject(value)) return { wrong: 'a question is one JSON object' }
  const { id, app, ask, params } = value
  if (!Number.isSafeInteger(id)) return { wrong: 'a question has a whole number as id' }
  if (typeof app !== 'string' || app.length > maxText) return { wrong: 'app is no text' }
  if (typeof ask !== 'string' || !Object.hasOwn(shapes, ask))
    return { wrong: 'there is no such question' }
  const shape: Shape = shapes[ask as QuestionName]
  const wrong = isObject(params) ? Object.keys(shape).find((key) => !shape[key]?.(params[key])) : ''
  if (wrong !== undefined) return { wrong: `${ask}: the parameter ${wrong} is missing or wrong` }
  return { id: id as number, app, ask: ask as QuestionName, params: params as never }
}

function fits(value: unknown, shape: Shape): boolean {
  return isObject(value) && Object.entries(shape).every(([key, check]) => check(value[key]))
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parse(message: string): unknown {
  try {
    return JSON.parse(message)
  } catch {
    return undefined
  }
}
