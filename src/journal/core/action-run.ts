/**
 * The actions of one step that stays in its states, as XState runs them. All are resolved before
 * any is executed: where only XState knows what to do, or a function throws, nothing has happened,
 * and XState takes the step from its start.
 */
import { assign, cancel, emit, raise, sendParent, sendTo } from 'xstate'
import type { AnyActorScope, AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate'

/** An action of a transition: its name, its name with params, or itself. */
export type Action = string | ActionBody | { readonly type: string; readonly params?: unknown }

/** A function; XState's own actions have more members. */
type ActionBody = ((args: Args, params: unknown) => unknown) & Partial<BuiltIn>

interface Args {
  readonly context: object
  readonly event: EventObject
  readonly self: unknown
  readonly system: unknown
}

interface BuiltIn {
  readonly type: string
  readonly resolve: (
    scope: AnyActorScope,
    snapshot: AnyMachineSnapshot,
    args: Args,
    params: unknown,
    body: ActionBody,
    extra: { readonly internalQueue: readonly EventObject[] },
  ) => readonly [snapshot: AnyMachineSnapshot, resolved: unknown, actions: unknown]
  readonly execute: (scope: AnyActorScope, resolved: unknown) => void
  /** Of `enqueueActions`. */
  readonly collect: (args: object, params: unknown) => void
  /** Of `assign`: the changes, or a function of them; or a change or function per key. */
  readonly assignment: Assigner | Readonly<Record<string, unknown>>
}

type Assigner = (args: object, params: unknown) => object

/** Returns the snapshot after the actions; undefined if XState must take the step. */
export type ActionRun = (
  actions: readonly Action[],
  snapshot: AnyMachineSnapshot,
  event: EventObject,
  scope: AnyActorScope,
) => AnyMachineSnapshot | undefined

/** XState's actions that change neither states nor children. */
const creators = { assign, cancel, emit, raise, sendParent, sendTo } as unknown as Readonly<
  Record<string, (...args: readonly unknown[]) => ActionBody>
>
const knownTypes = new Set(
  ['assign', 'cancel', 'emit', 'enqueueActions', 'raise', 'sendTo'].map((name) => `xstate.${name}`),
)

/** True if a run may be able to take the action. */
export function isKnownAction(machine: AnyStateMachine, action: Action): boolean {
  const body = bodyOf(machine, action)
  return body?.resolve === undefined || knownTypes.has(body.type ?? '')
}

/** Thrown where XState must take the step. */
const beyond = new Error('XState takes this step')

function giveUp(): never {
  throw beyond
}

export function createActionRun(machine: AnyStateMachine): ActionRun {
  let snapshot: AnyMachineSnapshot
  let event: EventObject
  let scope: AnyActorScope
  let context: object
  let isBusy = false
  const queued: Action[] = []
  const executions: (() => void)[] = []
  const internalQueue: EventObject[] = []
  const extra = { internalQueue }

  const enqueue = Object.assign(
    (action: Action) => void queued.push(action),
    { spawnChild: giveUp, stopChild: giveUp },
    ...Object.entries(creators).map(([name, create]) => ({
      [name]: (...args: readonly unknown[]) => void queued.push(create(...args)),
    })),
  ) as unknown

  function resolve(action: Action): void {
    const body = bodyOf(machine, action)
    const params = paramsOf(action)
    const { self, system } = scope
    const args = { context, event, self, system }
    if (body?.resolve === undefined) executions.push(() => body?.(args, params))
    else if (body.collect !== undefined) collect(body.collect, args, params)
    else if (body.assignment !== undefined)
      context = Object.assign({}, context, changesOf(body.assignment, args, params))
    else resolveBuiltIn(body, args, params)
  }

  function paramsOf(action: Action): unknown {
    if (typeof action !== 'object') return undefined
    const { params } = action
    return typeof params === 'function'
      ? (params as Assigner)({ context, event }, undefined)
      : params
  }

  function collect(from: BuiltIn['collect'], args: Args, params: unknown): void {
    const start = queued.length
    const { self, system } = args
    from({ context, event, enqueue, check: giveUp, self, system }, params)
    const end = queued.length
    for (let index = start; index < end; index++) resolve(queued[index] as Action)
    queued.length = start
  }

  function resolveBuiltIn(body: ActionBody, args: Args, params: unknown): void {
    const { resolve, execute } = body as BuiltIn
    if (!knownTypes.has(body.type ?? '')) giveUp()
    const [after, resolved] = resolve(scope, snapshot, args, params, body, extra)
    // An event that is raised without a delay is the next part of this step.
    if (after !== snapshot || internalQueue.length > 0) giveUp()
    executions.push(() => execute(scope, resolved))
  }

  function resolveAll(actions: readonly Action[]): boolean {
    try {
      for (const action of actions) resolve(action)
      return true
    } catch {
      // XState throws it again, with what it adds.
      return false
    }
  }

  return (actions, from, cause, at) => {
    // A machine that sends to itself from inside an action.
    if (isBusy) return undefined
    isBusy = true
    snapshot = from
    event = cause
    scope = at
    context = from.context as object
    try {
      if (!resolveAll(actions)) return undefined
      for (const execute of executions) execute()
      return context === from.context ? from : { ...from, context }
    } finally {
      isBusy = false
      queued.length = 0
      executions.length = 0
      internalQueue.length = 0
    }
  }
}

function bodyOf({ implementations }: AnyStateMachine, action: Action): ActionBody | undefined {
  if (typeof action === 'function') return action
  const name = typeof action === 'string' ? action : action.type
  return implementations.actions[name] as ActionBody | undefined
}

function changesOf(assignment: BuiltIn['assignment'], args: Args, params: unknown): object {
  const { context, event, self, system } = args
  const assignArgs = { context, event, spawn: giveUp, self, system }
  if (typeof assignment === 'function') return (assignment as Assigner)(assignArgs, params)
  const changes: Record<string, unknown> = {}
  for (const key of Object.keys(assignment)) {
    const change = assignment[key]
    changes[key] = typeof change === 'function' ? (change as Assigner)(assignArgs, params) : change
  }
  return changes
}
