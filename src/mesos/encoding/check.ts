import { JarcastError } from '../../errors.ts'
import type { FieldPlan, MessagePlan, PlainMessage } from './schema.ts'

/** Maximum nesting of messages. Containers nest a few levels. */
export const maxDepth = 100

/**
 * The step at which reading a message failed: `parse` (invalid JSON or protobuf), `convert` (not
 * this message), `validate` (a union without its type, or without the message of its type).
 */
export type Stage = 'parse' | 'convert' | 'validate'

/** `MESSAGE_INVALID`, with the step in `details.stage`. */
export function invalidMessage(stage: Stage, message: string, cause?: unknown): JarcastError {
  return new JarcastError('MESSAGE_INVALID', message, { cause, details: { stage } })
}

/**
 * Set during reading or writing if a field may be missing: only then the message is walked again.
 */
export interface Doubts {
  found: boolean
}

/**
 * Ends the reading of one message: sets UNKNOWN in an open union, and notes possibly missing
 * fields.
 */
export function settle(plan: MessagePlan, message: PlainMessage, doubts: Doubts): void {
  for (const name of plan.requiredNames) {
    if (message[name] === undefined) doubts.found = true
  }
  const { union } = plan
  if (union === undefined) return
  if (message['type'] === undefined && union.keepsUnknown) message['type'] = 'UNKNOWN'
  if (unionFault(plan, message) !== undefined) doubts.found = true
}

/** Throws MESSAGE_INVALID, in Mesos' words, if a required field or a part of a union is missing. */
export function assertComplete(plan: MessagePlan, message: PlainMessage): void {
  const missing: string[] = []
  const faults: string[] = []
  visit(plan, message, '', missing, faults)
  if (missing.length > 0)
    throw invalidMessage('convert', `Missing required fields: ${missing.join(', ')}`)
  const [fault] = faults
  if (fault !== undefined) throw invalidMessage('validate', fault)
}

function visit(
  plan: MessagePlan,
  message: PlainMessage,
  path: string,
  missing: string[],
  faults: string[],
): void {
  const fault = unionFault(plan, message)
  if (fault !== undefined) faults.push(fault)
  for (const field of plan.fields) {
    if (field.required && isUnset(message[field.name])) missing.push(path + field.wireName)
  }
  for (const field of plan.fields) {
    for (const [plan, child, suffix] of children(field, message[field.name])) {
      visit(plan, child, `${path}${field.wireName}${suffix}.`, missing, faults)
    }
  }
}

function unionFault({ union }: MessagePlan, message: PlainMessage): string | undefined {
  if (union === undefined) return undefined
  const type = message['type']
  if (typeof type !== 'string') return "Expecting 'type' to be present"
  const body = union.bodies.get(type)
  if (body === undefined || !isUnset(message[body.name])) return undefined
  return `Expecting '${body.wireName}' to be present`
}

function children(field: FieldPlan, value: unknown): [MessagePlan, PlainMessage, string][] {
  const plan = field.message ?? field.entry?.message
  if (plan === undefined || isUnset(value)) return []
  if (field.kind === 'map') {
    return Object.entries(value as Record<string, PlainMessage>).map(([key, child]) => [
      plan,
      child,
      `[${key}]`,
    ])
  }
  if (!field.repeated) return [[plan, value as PlainMessage, '']]
  return (value as PlainMessage[]).map((child, index) => [plan, child, `[${index}]`])
}

/** Writers accept null and undefined as unset. */
export function isUnset(value: unknown): value is null | undefined {
  return value === undefined || value === null
}
