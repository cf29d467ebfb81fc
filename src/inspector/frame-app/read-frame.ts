/**
 * Reads the frames of a watched program. They come from outside: each member is checked, what is
 * odd is left out, and a frame that cannot be used is refused with a reason.
 */
import { frameVersion } from '../protocol/frames.ts'
import type { Frame, FrameEvent, FrameSnapshot } from '../protocol/frames.ts'
import { readMicrostep } from './read-microstep.ts'
import { isCount, isMembers } from './read-value.ts'
import type { Members } from './read-value.ts'
import { upgradeFrame } from './upgrade-frame.ts'

const maxId = 1000
/** Active states of one actor, and how deep they are. */
const maxStates = 2000
const maxDepth = 50

/** The frame, or why it is none. Frames of unknown types are `ignored`. */
export function readFrame(text: string): Frame | { readonly ignored: string } {
  const value = parse(text)
  if (!isMembers(value)) return { ignored: 'a frame is one JSON object' }
  const version = value['_jarcast']
  if (version !== undefined && !isVersion(version))
    return { ignored: 'frames of this version need a newer inspector' }
  const frame = typeof version === 'number' ? upgradeFrame(value, version) : value
  const sessionId = idOf(frame['sessionId'])
  if (sessionId === undefined) return { ignored: 'a frame names its actor by sessionId' }
  const common = { ...commonOf(frame), sessionId }
  switch (frame['type']) {
    case '@xstate.actor':
      return { ...common, type: '@xstate.actor', ...actorOf(frame) }
    case '@xstate.event':
      return { ...common, type: '@xstate.event', event: eventOf(frame), ...sourceOf(frame) }
    case '@xstate.snapshot':
      return { ...common, type: '@xstate.snapshot', event: eventOf(frame), ...stateOf(frame) }
    case '@jarcast.microstep':
      return {
        ...common,
        type: '@jarcast.microstep',
        event: eventOf(frame),
        microstep: readMicrostep(frame['microstep']),
      }
    case '@jarcast.sent':
      return { ...common, type: '@jarcast.sent', event: eventOf(frame), ...sentOf(frame) }
    default:
      return { ignored: 'a frame of an unknown type' }
  }
}

function commonOf(frame: Members) {
  const { _version, createdAt, rootId, seq, now, lost, _jarcast } = frame
  return {
    _version: typeof _version === 'string' ? _version : '',
    createdAt: typeof createdAt === 'string' || typeof createdAt === 'number' ? `${createdAt}` : '',
    id: null,
    rootId: idOf(rootId) ?? '',
    ...(isVersion(_jarcast) && { _jarcast }),
    ...(isCount(seq) && { seq }),
    ...(isCount(now) && { now }),
    ...(isCount(lost) && { lost }),
  }
}

function actorOf(frame: Members) {
  const { name, parentId, definition } = frame
  const parent = idOf(parentId)
  return {
    name: idOf(name) ?? 'actor',
    ...(parent !== undefined && { parentId: parent }),
    ...(typeof definition === 'string' && { definition }),
    ...stateOf(frame),
  }
}

function stateOf({ snapshot }: Members): { readonly snapshot: FrameSnapshot } {
  if (!isMembers(snapshot)) return { snapshot: {} }
  const { status, tags, value } = snapshot
  return {
    snapshot: {
      ...snapshot,
      ...(value !== undefined && { value: isState(value) ? value : '(no state)' }),
      status: typeof status === 'string' ? status : 'active',
      tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string').slice(0, 50) : [],
    },
  }
}

/** A state value that a machine may have: text, or regions with text. */
function isState(value: unknown): boolean {
  let left = maxStates
  const check = (part: unknown, depth: number): boolean => {
    left -= 1
    if (left < 0 || depth > maxDepth) return false
    if (typeof part === 'string') return part.length <= maxId
    if (!isMembers(part)) return false
    for (const key in part) if (!check(part[key], depth + 1)) return false
    return true
  }
  return check(value, 0)
}

function eventOf({ event }: Members): FrameEvent {
  if (typeof event === 'string') return { type: event.slice(0, maxId) }
  if (!isMembers(event)) return { type: 'unknown' }
  return { ...event, type: idOf(event['type']) ?? 'unknown' }
}

function sourceOf({ sourceId }: Members) {
  const source = idOf(sourceId)
  return source === undefined ? {} : { sourceId: source }
}

function sentOf({ targetId, delayMs }: Members) {
  return { targetId: idOf(targetId) ?? '', ...(isCount(delayMs) && { delayMs }) }
}

function isVersion(value: unknown): value is number {
  return isCount(value) && value >= 1 && value <= frameVersion
}

/** Ids become keys and labels: text of a sane length. */
function idOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value.slice(0, maxId) : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
