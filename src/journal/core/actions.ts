/** Actions of machines as XState keeps them. */
import type { AnyActorScope, AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate'

/** An action of a transition: its name, its name with params, or itself. */
export type Action = string | ActionBody | { readonly type: string; readonly params?: unknown }

/** A function; XState's own actions have more members. */
export type ActionBody = ActionFunction & Partial<BuiltIn>

export type ActionFunction = (args: object, params: unknown) => unknown

/** What functions of actions get. */
export interface ActionArgs {
  readonly context: object
  readonly event: EventObject
  readonly self: AnyActorScope['self']
  readonly system: AnyActorScope['system']
}

export interface BuiltIn {
  readonly type: string
  readonly resolve: (
    scope: AnyActorScope,
    snapshot: AnyMachineSnapshot,
    args: ActionArgs,
    params: unknown,
    body: ActionBody,
    extra: { readonly internalQueue: readonly EventObject[] },
  ) => readonly [snapshot: AnyMachineSnapshot, resolved: unknown, actions: unknown]
  /** Defers what the action does. */
  readonly execute: (scope: AnyActorScope, resolved: unknown) => void
  /** Of `enqueueActions`. */
  readonly collect: ActionFunction
  /** Of `assign`: the changes, or a function of them; or a change or function per key. */
  readonly assignment: Assignment
  /** Of `emit` and `sendTo`: an event, or a function of it. */
  readonly event: EventObject | ActionFunction
  /** Of `sendTo`. */
  readonly to: unknown
  readonly delay: unknown
}

export type Assignment = ActionFunction | Readonly<Record<string, unknown>>

/** XState's actions that change neither states nor children. */
const knownTypes = new Set(
  ['assign', 'cancel', 'emit', 'enqueueActions', 'raise', 'sendTo'].map((name) => `xstate.${name}`),
)

/** True for an action that changes neither states nor children, unless one that it enqueues does. */
export function isKnown(body: ActionBody | undefined): boolean {
  return body?.resolve === undefined || knownTypes.has(body.type ?? '')
}

/** What an action does; undefined if the machine has no action of that name. */
export function bodyOf(
  { implementations }: AnyStateMachine,
  action: Action,
): ActionBody | undefined {
  if (typeof action === 'function') return action
  const name = typeof action === 'string' ? action : action.type
  return implementations.actions[name] as ActionBody | undefined
}
