/**
 * Reconciles tasks, or operations: explicitly, in batches, with exponential back-off until the
 * master has answered for each; then implicitly, at intervals.
 * Source: apache/mesos docs/reconciliation.md, "Algorithm".
 */
import { assertEvent, assign, setup } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import { emptyMap, removeFrom, setIn, valuesOf } from '../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../domain/persistent-map.ts'
import * as calls from '../../../mesos/scheduler-calls.ts'
import type { SchedulerCall } from '../../../mesos/types.generated.ts'
import type { ConnectionLost, ProcessRestarted } from '../connection/events.ts'

/** A task, by its launch id, or an operation. With the agent's id the master answers sooner. */
export interface Asked {
  readonly id: string
  readonly agentId?: string
}

export type ReconciliationEvent =
  /** Subscribed, for the first time or again. */
  | {
      readonly type: 'reconciliation.begin'
      readonly frameworkId: string
      readonly asked: readonly Asked[]
      /** True if the master may know tasks that this process does not. */
      readonly isReturning: boolean
    }
  /** Adds these to the round. */
  | { readonly type: 'reconciliation.ask'; readonly asked: readonly Asked[] }
  /** A status update came. */
  | { readonly type: 'reconciliation.answered'; readonly id: string }
  | ConnectionLost
  | ProcessRestarted
  /** The framework stops. */
  | { readonly type: 'task.abandon' | 'operation.abandon' }

export interface ReconciliationInput {
  readonly of: 'tasks' | 'operations'
  /** Interval of implicit reconciliation, ms. Default 15 min. Operations have none. */
  readonly intervalMs?: number | undefined
}

export interface ReconciliationContext {
  readonly of: ReconciliationInput['of']
  readonly intervalMs: number
  readonly frameworkId: string
  /** The entries of this round; those before `next` are sent. */
  readonly todo: readonly Asked[]
  readonly next: number
  /** The entries of the latest call, by id. */
  readonly batch: PersistentMap<Asked>
  /** Entries sent in this round without an answer in time. */
  readonly unanswered: PersistentMap<Asked>
  /** Rounds with missing answers. */
  readonly rounds: number
}

/** Entries of one call. The next call waits for the answers: each is an event of its own. */
const maxBatch = 1000
const answersMs = 5000
const backOffMs = { first: 5000, most: 60_000 }
const defaultIntervalMs = 15 * 60_000

const nothing = {
  todo: [],
  next: 0,
  batch: emptyMap<Asked>(),
  unanswered: emptyMap<Asked>(),
  rounds: 0,
}

const reconciliation = setup({
  types: {} as {
    context: ReconciliationContext
    events: ReconciliationEvent
    input: ReconciliationInput
  },
  actions: {
    'fx.call': (_, _call: SchedulerCall) => undefined,
    forget: assign(nothing),
    begin: assign(({ event }) => {
      assertEvent(event, 'reconciliation.begin')
      return { ...nothing, frameworkId: event.frameworkId, todo: event.asked }
    }),
    add: assign(({ context, event }) => {
      assertEvent(event, 'reconciliation.ask')
      return { todo: [...context.todo, ...event.asked] }
    }),
    takeAnswer: assign(({ context, event }) => {
      assertEvent(event, 'reconciliation.answered')
      const { batch, unanswered } = context
      return { batch: removeFrom(batch, event.id), unanswered: removeFrom(unanswered, event.id) }
    }),
    giveBatchUp: assign(({ context }) => ({
      batch: emptyMap(),
      unanswered: withAll(context.unanswered, valuesOf(context.batch)),
    })),
    beginNextRound: assign(({ context }) => ({
      todo: [...valuesOf(context.unanswered), ...context.todo.slice(context.next)],
      next: 0,
      unanswered: emptyMap(),
      rounds: context.rounds + 1,
    })),
  },
  guards: {
    asksForSome: ({ event }) => event.type === 'reconciliation.begin' && event.asked.length > 0,
    asksForAll: ({ context, event }) =>
      event.type === 'reconciliation.begin' && event.isReturning && context.of === 'tasks',
    isOfTasks: ({ context }) => context.of === 'tasks',
    hasMore: ({ context }) => context.next < context.todo.length,
    isBatchAnswered: ({ context }) => context.batch.size === 0,
    isAnswered: ({ context }) =>
      context.batch.size === 0 &&
      context.unanswered.size === 0 &&
      context.next >= context.todo.length,
    canGoOn: ({ context }) => context.batch.size === 0 && context.next < context.todo.length,
  },
  delays: {
    answers: answersMs,
    backOff: ({ context }) => Math.min(backOffMs.most, backOffMs.first * 2 ** context.rounds),
    interval: ({ context }) => context.intervalMs,
  },
})

const askForBatch = reconciliation.enqueueActions(({ context, enqueue }) => {
  const { frameworkId, todo, next } = context
  const batch = todo.slice(next, next + maxBatch)
  enqueue.assign({ batch: withAll(emptyMap(), batch), next: next + batch.length })
  if (batch.length > 0)
    enqueue({ type: 'fx.call', params: callFor(context.of, frameworkId, batch) })
})

const askForAll = reconciliation.enqueueActions(({ context, enqueue }) => {
  enqueue({ type: 'fx.call', params: callFor(context.of, context.frameworkId, []) })
})

export const reconciliationMachine = reconciliation.createMachine({
  id: 'reconciliation',
  context: ({ input }) => ({
    of: input.of,
    intervalMs: input.intervalMs ?? defaultIntervalMs,
    frameworkId: '',
    ...nothing,
  }),
  initial: 'away',
  on: {
    'reconciliation.begin': [
      { guard: 'asksForSome', target: '.explicit', actions: 'begin' },
      { guard: 'asksForAll', target: '.implicit', actions: 'begin' },
      { target: '.waiting', actions: 'begin' },
    ],
    'connection.lost': '.away',
    'process.restarted': '.away',
    'task.abandon': '.away',
    'operation.abandon': '.away',
  },
  states: {
    away: { description: 'There is no subscription.', entry: 'forget' },
    explicit: {
      description: 'The master is asked for each task by its id.',
      initial: 'asking',
      on: {
        'reconciliation.ask': { actions: 'add' },
        'reconciliation.answered': { actions: 'takeAnswer' },
      },
      states: {
        asking: {
          description: 'RECONCILE is sent for the next batch.',
          entry: askForBatch,
          always: [
            { guard: 'isAnswered', target: '#reconciliation.waiting' },
            { guard: 'canGoOn', target: 'asking', reenter: true },
            { guard: 'isBatchAnswered', target: 'backingOff' },
          ],
          after: {
            answers: [
              { guard: 'hasMore', target: 'asking', reenter: true, actions: 'giveBatchUp' },
              { target: 'backingOff', actions: 'giveBatchUp' },
            ],
          },
        },
        backingOff: {
          description: 'Waits before the next RECONCILE.',
          always: [
            { guard: 'isAnswered', target: '#reconciliation.waiting' },
            { guard: 'hasMore', target: 'asking' },
          ],
          after: { backOff: { target: 'asking', actions: 'beginNextRound' } },
        },
      },
    },
    waiting: {
      description: 'All answers have come. A timer starts the next implicit reconciliation.',
      entry: 'forget',
      on: { 'reconciliation.ask': { target: 'explicit', actions: 'add' } },
      after: { interval: { guard: 'isOfTasks', target: 'implicit' } },
    },
    implicit: {
      description: 'The master is asked for all tasks that it runs.',
      entry: askForAll,
      always: 'waiting',
    },
  },
})

export type ReconciliationSnapshot = SnapshotFrom<typeof reconciliationMachine>
export type ReconciliationRef = ActorRefFrom<typeof reconciliationMachine>

/** A call without entries is an implicit reconciliation: of all tasks. */
function callFor(
  of: ReconciliationInput['of'],
  frameworkId: string,
  asked: readonly Asked[],
): SchedulerCall {
  return of === 'tasks'
    ? calls.reconcile(
        frameworkId,
        asked.map(({ id, ...agent }) => ({ taskId: id, ...agent })),
      )
    : calls.reconcileOperations(
        frameworkId,
        asked.map(({ id, ...agent }) => ({ operationId: id, ...agent })),
      )
}

function withAll(map: PersistentMap<Asked>, asked: Iterable<Asked>): PersistentMap<Asked> {
  let all = map
  for (const one of asked) all = setIn(all, one.id, one)
  return all
}
