/**
 * The actions of one step that stays in its states, as XState runs them. All are resolved before
 * any is executed: where only XState knows what to do, or a function throws, nothing has happened,
 * and XState takes the step from its start.
 */
import { cancel, raise, sendParent, sendTo } from 'xstate'
import type { AnyActorScope, AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate'
import { bodyOf, isKnown } from './actions.ts'
import type { Action, ActionArgs, ActionBody, ActionFunction, Assignment } from './actions.ts'
import type { BuiltIn } from './actions.ts'
import { deferAll } from './single-deferral.ts'
import { isOver } from './step-search.ts'
import type { Steps } from './step-search.ts'

/** Returns the snapshot after the actions; undefined if XState must take the step. */
export type ActionRun = (
  actions: readonly Action[],
  snapshot: AnyMachineSnapshot,
  event: EventObject,
  scope: AnyActorScope,
  steps: Steps,
) => AnyMachineSnapshot | undefined

/** An action of the machine's own. */
interface Work {
  readonly does: ActionFunction
  readonly args: object
  readonly params: unknown
}

/** Those of `enqueue` that XState makes and resolves. */
const creators = { cancel, raise, sendParent, sendTo } as unknown as Readonly<
  Record<string, (...args: readonly unknown[]) => ActionBody>
>

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
  let queued: (() => void)[] = []
  const works: Work[] = []
  /** What is done when the machine has moved. */
  let deferred: (() => void)[] = []
  const defer = (run: () => void) => void deferred.push(run)
  const internalQueue: EventObject[] = []
  const extra = { internalQueue }

  // As in XState, what is enqueued is resolved when all is enqueued.
  const enqueue = Object.assign(
    (action: Action) => void queued.push(() => resolve(action)),
    {
      assign: (changes: Assignment) => void queued.push(() => change(changes, undefined)),
      emit: (fact: BuiltIn['event']) => void queued.push(() => emit(fact, undefined)),
      spawnChild: giveUp,
      stopChild: giveUp,
    },
    ...Object.entries(creators).map(([name, create]) => ({
      [name]: (...args: readonly unknown[]) =>
        void queued.push(() => resolveBuiltIn(create(...args), undefined)),
    })),
  ) as unknown

  function resolve(action: Action): void {
    const body = bodyOf(machine, action)
    const params = paramsOf(action)
    if (body?.resolve !== undefined) resolveBuiltIn(body, params)
    else if (body !== undefined) works.push({ does: body, args: argsNow(), params })
  }

  function argsNow(): ActionArgs {
    const { self, system } = scope
    return { context, event, self, system }
  }

  function paramsOf(action: Action): unknown {
    if (typeof action !== 'object') return undefined
    const { params } = action
    return typeof params === 'function'
      ? (params as ActionFunction)({ context, event }, undefined)
      : params
  }

  function resolveBuiltIn(body: ActionBody, params: unknown): void {
    const { type, collect: from, assignment, event: sent } = body
    if (from !== undefined) collect(from, params)
    else if (assignment !== undefined) change(assignment, params)
    else if (type === 'xstate.emit' && sent !== undefined) emit(sent, params)
    else if (!isPlainSend(body)) leaveToXState(body, params)
    else send(body, params)
  }

  function collect(from: ActionFunction, params: unknown): void {
    const outer = queued
    queued = []
    const { self, system } = scope
    from({ context, event, enqueue, check: giveUp, self, system }, params)
    for (const take of queued) take()
    queued = outer
  }

  function change(assignment: Assignment, params: unknown): void {
    const { self, system } = scope
    const args = { context, event, spawn: giveUp, self, system }
    context = Object.assign({}, context, changesOf(assignment, args, params))
  }

  function emit(fact: BuiltIn['event'], params: unknown): void {
    const { emit: publish } = scope
    const emitted = eventOf(fact, params)
    deferred.push(() => publish(emitted))
  }

  function leaveToXState(body: ActionBody, params: unknown): void {
    if (!isKnown(body)) giveUp()
    const resolved = body.resolve?.(scope, snapshot, argsNow(), params, body, extra)
    // An event that is raised without a delay is the next part of this step.
    if (resolved?.[0] !== snapshot || internalQueue.length > 0) giveUp()
    body.execute?.({ ...scope, defer }, resolved[1])
  }

  function send({ to, event: sent }: Send, params: unknown): void {
    const child = snapshot.children[to] ?? giveUp()
    const message = eventOf(sent, params)
    // XState makes another event of it.
    if (message.type === 'xstate.error') giveUp()
    deferred.push(() => child.send(message))
  }

  function eventOf(made: BuiltIn['event'], params: unknown): EventObject {
    return typeof made === 'function' ? (made(argsNow(), params) as EventObject) : made
  }

  /** False if nothing may be executed. */
  function resolveAll(actions: readonly Action[], steps: Steps): boolean {
    try {
      for (const action of actions) resolve(action)
      return isOver(steps, context, event)
    } catch {
      // XState throws it again, with what it adds.
      return false
    }
  }

  return (actions, from, cause, at, steps) => {
    // A machine that sends to itself from inside an action.
    if (isBusy) return undefined
    isBusy = true
    snapshot = from
    event = cause
    scope = at
    context = from.context as object
    deferred = []
    try {
      if (!resolveAll(actions, steps)) return undefined
      for (const { does, args, params } of works) does(args, params)
      deferAll(scope, deferred)
      return context === from.context ? from : { ...from, context }
    } finally {
      isBusy = false
      works.length = 0
      internalQueue.length = 0
    }
  }
}

interface Send {
  readonly to: string
  readonly event: BuiltIn['event']
}

/** True for a send to a child at once. */
function isPlainSend(body: Partial<BuiltIn>): body is Send {
  const { type, to, event, delay } = body
  const isSend = type === 'xstate.sendTo' && typeof to === 'string' && !to.startsWith('#')
  return isSend && delay === undefined && (typeof event === 'function' || typeof event === 'object')
}

function changesOf(assignment: Assignment, args: object, params: unknown): object {
  if (typeof assignment === 'function') return assignment(args, params) as object
  const changes: Record<string, unknown> = {}
  for (const key of Object.keys(assignment)) {
    const change = assignment[key]
    changes[key] = typeof change === 'function' ? (change as ActionFunction)(args, params) : change
  }
  return changes
}
