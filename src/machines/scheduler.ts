/**
 * The scheduler of one framework: registered → jar server started → offers → launch, and what surrounds it.
 * It only decides. Calls to Mesos and the jar server are effects; what came of them arrives as events.
 * Source: apache/mesos docs/scheduler-http-api.md, docs/app-framework-development-guide.md.
 */
import { assertEvent, assign, emit, sendTo, setup } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import { executorIdOf, launchOperation } from '../domain/launch.ts'
import type { Delivery } from '../domain/launch.ts'
import { matchOffers } from '../domain/offer-matching.ts'
import type { OfferPlan } from '../domain/offer-matching.ts'
import { emptyMap, getFrom, setIn } from '../domain/persistent-map.ts'
import type { PersistentMap } from '../domain/persistent-map.ts'
import { launchIdOf, parseLaunchId } from '../domain/task-request.ts'
import {
  addTask,
  emptyTaskTable,
  findTask,
  removeTask,
  returnTask,
  tasksOf,
  updateTask,
} from '../domain/task-table.ts'
import type { TaskRequest } from '../domain/task-request.ts'
import type { TaskRow, TaskTable } from '../domain/task-table.ts'
import * as calls from '../mesos/scheduler-calls.ts'
import type { Filters, FrameworkInfo, Offer, SchedulerCall } from '../mesos/types.generated.ts'
import { jarServerMachine } from './jar-server.ts'
import type { JarServerStarted } from './jar-server.ts'
import type { SchedulerFact, SchedulerInboxEvent } from './scheduler-events.ts'
import { subscriptionMachine } from './subscription.ts'
import type { ConnectionLost, SubscriptionFailure } from './subscription.ts'
import { advanceTask } from './task.ts'
import { applyStatus } from './task-update.ts'
import type { TaskFact } from './task-update.ts'

export interface SchedulerInput {
  /** Without id: the master gives one. */
  readonly framework: FrameworkInfo
  /** Of an earlier run of this framework, within its failover timeout. */
  readonly frameworkId?: string
  /** True when there are libraries to ship: then the jar server is started once registered. */
  readonly hasLibraries: boolean
  /** How long to go on dialling without being subscribed, ms. */
  readonly timeoutMs: number
  /**
   * True when the run outlives its process. Then how each task ended is remembered, and one that is submitted again
   * under its id is not run again. Default false: what is over is forgotten.
   */
  readonly remembersOutcomes?: boolean
}

interface SchedulerContext {
  readonly framework: FrameworkInfo
  readonly timeoutMs: number
  readonly frameworkId: string
  readonly hasLibraries: boolean
  readonly delivery: Delivery | undefined
  readonly hasStartedJarServer: boolean
  readonly tasks: TaskTable
  readonly remembersOutcomes: boolean
  /** How tasks ended, by id, if remembered. */
  readonly outcomes: PersistentMap<TaskFact>
  /** Offers were declined, so the master may be holding some back until a REVIVE. */
  readonly isHeldBack: boolean
  readonly isDraining: boolean
  readonly isDetached: boolean
  readonly failure: SubscriptionFailure | undefined
}

/** Seconds for which a declined offer stays away: little while tasks wait, Mesos' own default when none do. */
const refuseSeconds = { whileWaiting: 1, whileIdle: 5 }

const scheduler = setup({
  types: {} as {
    context: SchedulerContext
    events: SchedulerInboxEvent
    emitted: SchedulerFact
    input: SchedulerInput
  },
  actors: { subscription: subscriptionMachine, jarServer: jarServerMachine },
  actions: {
    'fx.call': (_, _call: SchedulerCall) => undefined,
    /** Ends the connection, after a TEARDOWN unless detached. */
    'fx.close': (_, _params: { call: SchedulerCall | undefined }) => undefined,
  },
  guards: {
    needsJarServer: ({ context }) => context.hasLibraries && context.delivery === undefined,
    isDraining: ({ context }) => context.isDraining,
    hasPending: ({ context }) => context.tasks.pendingCount > 0,
    hasNonePending: ({ context }) => context.tasks.pendingCount === 0,
    isEmpty: ({ context }) => context.tasks.rows.size === 0,
    hasFailed: ({ context }) => context.failure !== undefined,
    mustTearDown: ({ context }) => mustTearDown(context),
    hasNoJarServer: ({ context }) => !context.hasStartedJarServer,
  },
})

const keepFrameworkId = scheduler.enqueueActions(({ enqueue, event }) => {
  assertEvent(event, 'mesos.subscribed')
  const { frameworkId, master } = event
  enqueue.assign({ frameworkId })
  enqueue.emit({
    type: 'framework.registered',
    frameworkId,
    ...(master === undefined ? {} : { master }),
  })
})

const keepDelivery = scheduler.enqueueActions(({ enqueue, event }) => {
  assertEvent(event, 'jarServer.started')
  enqueue.assign({ delivery: event.delivery })
  enqueue.emit({ type: 'jarServer.started', url: event.url })
})

const keepJarServerFailure = scheduler.assign(({ event }) => {
  assertEvent(event, 'jarServer.failed')
  return { failure: { code: event.code, message: event.message }, hasStartedJarServer: false }
})

const submitTasks = scheduler.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'task.submit')
  const { outcomes, isDraining, remembersOutcomes } = context
  let tasks = context.tasks
  for (const request of event.requests) {
    const outcome = getFrom(outcomes, request.id)
    const isKnown = findTask(tasks, request.id) !== undefined
    if (outcome !== undefined) enqueue.emit(outcome)
    else if (isKnown && remembersOutcomes) continue
    else if (isDraining)
      enqueue.emit(rejection(request, 'the framework takes no more tasks: it is draining'))
    else if (isKnown)
      enqueue.emit(rejection(request, `a task with id ${request.id} is not over yet`))
    else tasks = addTask(tasks, request)
  }
  enqueue.assign({ tasks })
})

const rejectTasks = scheduler.enqueueActions(({ enqueue, event }) => {
  assertEvent(event, 'task.submit')
  for (const request of event.requests)
    enqueue.emit(rejection(request, 'the framework has stopped'))
})

const killTask = scheduler.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'task.kill')
  const row = findTask(context.tasks, event.taskId)
  if (row === undefined) return
  if (row.state === 'pending') {
    const fact = { type: 'task.ended', taskId: event.taskId, attempt: row.attempt } as const
    enqueue.assign({
      tasks: removeTask(context.tasks, event.taskId),
      outcomes: outcomesWith(context, fact),
    })
    enqueue.emit(fact)
    return
  }
  const state = advanceTask(row.state, 'task.killing')
  enqueue.assign({ tasks: updateTask(context.tasks, { ...row, state }) })
  enqueue({ type: 'fx.call', params: killCall(context, row) })
})

const reviveOffers = scheduler.enqueueActions(({ context, enqueue }) => {
  if (!context.isHeldBack) return
  enqueue.assign({ isHeldBack: false })
  enqueue({ type: 'fx.call', params: calls.revive(context.frameworkId) })
})

const suppressOffers = scheduler.enqueueActions(({ context, enqueue }) => {
  enqueue.assign({ isHeldBack: true })
  enqueue({ type: 'fx.call', params: calls.suppress(context.frameworkId) })
})

const declineOffers = scheduler.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.offers')
  if (event.offers.length === 0) return
  enqueue.assign({ isHeldBack: true })
  enqueue({ type: 'fx.call', params: declineCall(context, event.offers) })
})

const launchOnOffers = scheduler.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.offers')
  const { frameworkId, delivery } = context
  const plans = matchOffers(event.offers, context.tasks, executorNeedOf(delivery))
  const used = plans.filter(({ placements }) => placements.length > 0)
  const unused = plans.filter(({ placements }) => placements.length === 0)
  let tasks = context.tasks
  for (const plan of used) tasks = markLaunched(tasks, plan)
  enqueue.assign({ tasks, isHeldBack: true })
  const next = { ...context, tasks }
  for (const plan of used) {
    const operations = [launchOperation(plan, frameworkId, delivery)]
    const accept = calls.accept(frameworkId, [plan.offer.id.value], operations, filtersOf(next))
    enqueue({ type: 'fx.call', params: accept })
  }
  if (unused.length > 0) {
    const offers = unused.map(({ offer }) => offer)
    enqueue({ type: 'fx.call', params: declineCall(next, offers) })
  }
  const launched = used.flatMap(({ offer, placements }) =>
    placements.map(({ row }) => ({ offer, row })),
  )
  enqueue.emit({
    type: 'offers.received',
    count: event.offers.length,
    launched: launched.length,
  })
  for (const { offer, row } of launched) {
    enqueue.emit({
      type: 'task.launched',
      taskId: row.request.id,
      attempt: row.attempt,
      agentId: offer.agentId.value,
      hostname: offer.hostname,
    })
  }
})

/** Acknowledged only with a uuid (updates made by the master have none) and, by the gateway, only once journalled. */
const takeUpdate = scheduler.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'mesos.update')
  const { status } = event
  const { table, fact } = applyStatus(context.tasks, status)
  enqueue.assign({ tasks: table, outcomes: outcomesWith(context, fact) })
  if (status.uuid !== undefined && status.agentId !== undefined) {
    const acknowledge = calls.acknowledge(
      context.frameworkId,
      status.agentId.value,
      status.taskId.value,
      status.uuid,
    )
    enqueue({ type: 'fx.call', params: acknowledge })
  }
  if (fact !== undefined) enqueue.emit(fact)
})

const settleFailedCall = scheduler.enqueueActions(({ context, enqueue, event }) => {
  assertEvent(event, 'call.failed')
  const { call, message, outcome, launchIds } = event
  enqueue.emit({ type: 'call.failed', call, message })
  const rows = launchIds.flatMap((launchId) => findLaunch(context.tasks, launchId) ?? [])
  if (rows.length === 0) return
  // Nobody knows whether the master took it: it is asked, and answers what became of each task.
  if (outcome === 'unknown') enqueue({ type: 'fx.call', params: reconcileCall(context, rows) })
  else if (outcome === 'refused') {
    enqueue.assign({
      tasks: rows.reduce((table, row) => removeTask(table, row.request.id), context.tasks),
    })
    for (const { request, attempt } of rows) {
      enqueue.emit({ type: 'task.ended', taskId: request.id, attempt, message })
    }
  } else enqueue.assign({ tasks: rows.reduce(returnTask, context.tasks) })
})

/** After an absence: ask what became of every task that was launched, and kill again what should be dead. */
const reconcileTasks = scheduler.enqueueActions(({ context, enqueue }) => {
  const launched = [...tasksOf(context.tasks)].filter(({ state }) => state !== 'pending')
  if (launched.length > 0) enqueue({ type: 'fx.call', params: reconcileCall(context, launched) })
  for (const row of launched) {
    if (row.state === 'killing') enqueue({ type: 'fx.call', params: killCall(context, row) })
  }
  // The master starts a new subscription with no filters and nothing suppressed.
  enqueue.assign({ isHeldBack: false })
})

const endAllTasks = scheduler.enqueueActions(({ context, enqueue }) => {
  for (const { request, attempt } of tasksOf(context.tasks)) {
    enqueue.emit({ type: 'task.ended', taskId: request.id, attempt })
  }
  enqueue.assign({ tasks: emptyTaskTable })
})

const closeFramework = scheduler.enqueueActions(({ context, enqueue }) => {
  const isTornDown =
    context.frameworkId !== '' && !context.isDetached && context.failure === undefined
  const call = isTornDown ? calls.teardown(context.frameworkId) : undefined
  enqueue({ type: 'fx.close', params: { call } })
})

/** Connections and servers went with the process; they are asked for again where they still matter. */
const forgetProcess = scheduler.enqueueActions(({ enqueue }) => {
  enqueue.assign({ delivery: undefined, hasStartedJarServer: false })
  enqueue.sendTo('subscription', { type: 'process.restarted' })
  enqueue.sendTo('jarServer', { type: 'process.restarted' })
})

const passMessageOn = scheduler.enqueueActions(({ enqueue, event }) => {
  assertEvent(event, 'mesos.message')
  enqueue.emit({ ...event, type: 'executor.message' })
})

const passFailureOn = scheduler.enqueueActions(({ enqueue, event }) => {
  assertEvent(event, 'mesos.failure')
  enqueue.emit({ ...event, type: 'executor.failed' })
})

const reportLoss = scheduler.enqueueActions(({ enqueue, event }) => {
  assertEvent(event, 'connection.lost')
  enqueue.emit({ type: 'framework.disconnected', code: event.code, message: event.message })
})

/** Offers are taken while tasks are pending, and suppressed while none are: both serving and draining. */
const work = {
  initial: 'scheduling',
  states: {
    scheduling: {
      entry: 'reviveOffers',
      always: { guard: 'hasNonePending', target: 'suppressed' },
      on: {
        'mesos.offers': { actions: 'launchOnOffers' },
        'task.submit': { actions: ['submitTasks', 'reviveOffers'] },
      },
    },
    suppressed: {
      entry: 'suppressOffers',
      always: { guard: 'hasPending', target: 'scheduling' },
    },
  },
} as const

export const schedulerMachine = scheduler
  .extend({
    actions: {
      keepFrameworkId,
      keepDelivery,
      keepJarServerFailure,
      submitTasks,
      rejectTasks,
      killTask,
      reviveOffers,
      suppressOffers,
      declineOffers,
      launchOnOffers,
      takeUpdate,
      settleFailedCall,
      reconcileTasks,
      endAllTasks,
      closeFramework,
      forgetProcess,
      passMessageOn,
      passFailureOn,
      reportLoss,
      reportDraining: emit({ type: 'framework.draining' }),
      reportStopped: emit({ type: 'framework.stopped' }),
      reportFailed: emit(({ context }) => ({
        type: 'framework.failed',
        ...(context.failure ?? { code: 'FRAMEWORK_FAILED', message: 'the framework failed' }),
      })),
      keepFailure: assign((_, { failure }: { failure: SubscriptionFailure }) => ({ failure })),
      startDraining: assign({ isDraining: true }),
      keepDetach: assign(({ event }) => ({
        isDetached: event.type === 'framework.stop' && event.detach,
      })),
      tellSubscription: sendTo('subscription', ({ event }) => event as ConnectionLost),
      tellJarServer: sendTo('jarServer', ({ event }) => event as JarServerStarted),
      startJarServer: sendTo('jarServer', { type: 'jarServer.start' }),
      keepJarServerStart: assign({ hasStartedJarServer: true }),
      stopJarServer: sendTo('jarServer', { type: 'jarServer.stop' }),
    },
  })
  .createMachine({
    id: 'scheduler',
    context: ({ input }) => ({
      framework: input.framework,
      timeoutMs: input.timeoutMs,
      frameworkId: input.frameworkId ?? '',
      hasLibraries: input.hasLibraries,
      delivery: undefined,
      hasStartedJarServer: false,
      tasks: emptyTaskTable,
      remembersOutcomes: input.remembersOutcomes ?? false,
      outcomes: emptyMap(),
      isHeldBack: false,
      isDraining: false,
      isDetached: false,
      failure: undefined,
    }),
    invoke: [
      {
        id: 'subscription',
        src: 'subscription',
        input: ({ context }) => ({
          framework: context.framework,
          timeoutMs: context.timeoutMs,
          ...(context.frameworkId === '' ? {} : { frameworkId: context.frameworkId }),
        }),
        onDone: {
          target: '.stopping',
          actions: { type: 'keepFailure', params: ({ event }) => ({ failure: event.output }) },
        },
      },
      { id: 'jarServer', src: 'jarServer' },
    ],
    initial: 'registering',
    on: {
      'task.submit': { actions: 'submitTasks' },
      'task.kill': { actions: 'killTask' },
      'framework.stop': { target: '.stopping', actions: 'keepDetach' },
      'framework.drain': { actions: 'startDraining' },
      'mesos.offers': { actions: 'declineOffers' },
      'mesos.update': { actions: 'takeUpdate' },
      'mesos.message': { actions: 'passMessageOn' },
      'mesos.failure': { actions: 'passFailureOn' },
      'mesos.error': { actions: 'tellSubscription' },
      'connection.lost': { target: '.disconnected', actions: ['tellSubscription', 'reportLoss'] },
      'call.failed': { actions: 'settleFailedCall' },
      'process.restarted': {
        target: '.disconnected',
        actions: 'forgetProcess',
      },
      'jarServer.start': { actions: 'tellJarServer' },
      'jarServer.started': { actions: ['tellJarServer', 'keepDelivery'] },
      'jarServer.failed': {
        target: '.stopping',
        actions: ['tellJarServer', 'keepJarServerFailure'],
      },
      'jarServer.stopped': { actions: 'tellJarServer' },
    },
    states: {
      registering: {
        on: {
          'mesos.subscribed': {
            target: 'registered',
            actions: ['tellSubscription', 'keepFrameworkId'],
          },
          'connection.lost': { actions: ['tellSubscription', 'reportLoss'] },
          'process.restarted': { actions: 'forgetProcess' },
        },
      },
      registered: {
        always: [
          { guard: 'needsJarServer', target: 'startingJarServer' },
          { guard: 'isDraining', target: 'draining' },
          { target: 'serving' },
        ],
      },
      startingJarServer: {
        entry: ['startJarServer', 'keepJarServerStart'],
        on: {
          'jarServer.started': { target: 'registered', actions: ['tellJarServer', 'keepDelivery'] },
        },
      },
      serving: {
        ...work,
        on: { 'framework.drain': { target: 'draining', actions: 'startDraining' } },
      },
      draining: {
        ...work,
        entry: 'reportDraining',
        always: { guard: 'isEmpty', target: 'stopping' },
      },
      disconnected: {
        on: {
          'mesos.subscribed': {
            target: 'registered',
            actions: ['tellSubscription', 'keepFrameworkId', 'reconcileTasks'],
          },
          'connection.lost': { actions: ['tellSubscription', 'reportLoss'] },
        },
      },
      stopping: {
        entry: 'endAllTasks',
        initial: 'closing',
        on: {
          // Whatever still comes in is of the past.
          'task.submit': { actions: 'rejectTasks' },
          'framework.stop': {},
          'framework.drain': {},
          'mesos.offers': {},
          'connection.lost': {},
          'mesos.error': {},
          'jarServer.failed': { actions: 'tellJarServer' },
          'xstate.done.actor.subscription': {},
        },
        states: {
          closing: {
            entry: 'closeFramework',
            on: {
              'framework.closed': 'stoppingJarServer',
              'process.restarted': [
                { guard: 'mustTearDown', target: 'returning', actions: 'forgetProcess' },
                { target: 'closing', reenter: true, actions: 'forgetProcess' },
              ],
            },
          },
          // The process ended before the master was told: it is told now, which takes another subscription.
          returning: {
            on: {
              'mesos.subscribed': { target: 'closing', actions: 'tellSubscription' },
              'connection.lost': { actions: 'tellSubscription' },
              'mesos.error': { target: 'stoppingJarServer', actions: 'tellSubscription' },
              'process.restarted': { actions: 'forgetProcess' },
              'xstate.done.actor.subscription': 'stoppingJarServer',
            },
          },
          stoppingJarServer: {
            entry: 'stopJarServer',
            always: { guard: 'hasNoJarServer', target: '#scheduler.ended' },
            on: {
              'jarServer.stopped': { target: '#scheduler.ended', actions: 'tellJarServer' },
              'process.restarted': { target: '#scheduler.ended', actions: 'tellJarServer' },
            },
          },
        },
      },
      ended: {
        always: [{ guard: 'hasFailed', target: 'failed' }, { target: 'stopped' }],
      },
      stopped: { type: 'final', entry: 'reportStopped' },
      failed: { type: 'final', entry: 'reportFailed' },
    },
  })

export type SchedulerSnapshot = SnapshotFrom<typeof schedulerMachine>
export type SchedulerRef = ActorRefFrom<typeof schedulerMachine>

/** False for a framework that Mesos does not know, gave up itself, or is to keep. */
function mustTearDown({ frameworkId, isDetached, failure }: SchedulerContext): boolean {
  return frameworkId !== '' && !isDetached && failure === undefined
}

function rejection({ id }: TaskRequest, message: string): SchedulerFact {
  return { type: 'task.rejected', taskId: id, message }
}

function outcomesWith(
  { outcomes, remembersOutcomes }: SchedulerContext,
  fact: TaskFact | undefined,
): PersistentMap<TaskFact> {
  return remembersOutcomes && fact?.type === 'task.ended'
    ? setIn(outcomes, fact.taskId, fact)
    : outcomes
}

function executorNeedOf(delivery: Delivery | undefined) {
  if (delivery === undefined) return undefined
  return { executorId: executorIdOf(delivery.executor), resources: delivery.executor.resources }
}

function markLaunched(tasks: TaskTable, { offer, placements }: OfferPlan): TaskTable {
  const where = { agentId: offer.agentId.value, hostname: offer.hostname }
  return placements.reduce(
    (table, { row }) =>
      updateTask(table, { ...row, ...where, state: advanceTask(row.state, 'task.launched') }),
    tasks,
  )
}

/** The row of a launch that nothing was heard of yet. */
function findLaunch(tasks: TaskTable, launchId: string): TaskRow | undefined {
  const row = findTask(tasks, parseLaunchId(launchId).id)
  return row?.state === 'launching' ? row : undefined
}

function filtersOf({ tasks }: Pick<SchedulerContext, 'tasks'>): Filters {
  const { whileWaiting, whileIdle } = refuseSeconds
  return { refuseSeconds: tasks.pendingCount > 0 ? whileWaiting : whileIdle }
}

function declineCall(context: SchedulerContext, offers: readonly Offer[]): SchedulerCall {
  const offerIds = offers.map(({ id }) => id.value)
  return calls.decline(context.frameworkId, offerIds, filtersOf(context))
}

function killCall({ frameworkId }: SchedulerContext, row: TaskRow): SchedulerCall {
  return calls.kill(frameworkId, launchIdOf(row.request.id, row.attempt), row.agentId)
}

function reconcileCall({ frameworkId }: SchedulerContext, rows: readonly TaskRow[]): SchedulerCall {
  const tasks = rows.map((row) => ({
    taskId: launchIdOf(row.request.id, row.attempt),
    ...(row.agentId === undefined ? {} : { agentId: row.agentId }),
  }))
  return calls.reconcile(frameworkId, tasks)
}
