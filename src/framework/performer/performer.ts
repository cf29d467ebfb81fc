/** Does what the scheduler machine names: the one place where its effects meet Mesos and the jar server. */
import type { Subscription } from 'rxjs'
import type { SchedulerConnection } from '../../client/scheduler-connection.ts'
import { launchIdsOf } from '../../machines/scheduler/offers/launch.ts'
import type { LibrarySet } from '../../domain/libraries/library.ts'
import { JarcastError } from '../../errors.ts'
import type { Effect } from '../../journal/core/outbox.ts'
import type { CallFailed, SchedulerInboxEvent } from '../../machines/scheduler/events.ts'
import * as calls from '../../mesos/scheduler-calls.ts'
import type { SubscribeParams } from '../../machines/scheduler/connection/subscription.ts'
import type {
  OfferOperation,
  SchedulerCall,
  SchedulerCallUpdateFramework,
} from '../../mesos/types.generated.ts'
import type { DeliveryServer } from '../delivery/delivery-server.ts'
import { toInboxEvents } from '../intake/inbox.ts'
import type { Intake } from '../intake/intake.ts'
import { withJitter } from './jitter.ts'
import type { ReadWindow } from '../intake/read-window.ts'

export interface PerformerOptions {
  readonly connection: SchedulerConnection
  readonly deliveryServer: Pick<DeliveryServer, 'start' | 'stop' | 'release' | 'sign'>
  /** Counts calls that wait for an answer. Default: none is counted. */
  readonly readWindow?: Pick<ReadWindow, 'callBegan' | 'callEnded'>
  /**
   * Receives the events of the master and the end of its stream. Default: the inbox, without
   * messages of executors.
   */
  readonly intake?: Pick<Intake, 'take' | 'pass'>
  /** Where results go: the inbox. */
  readonly dispatch: (event: SchedulerInboxEvent) => void
}

/** Performs effects by name. Nothing that goes wrong is thrown: it comes back through the inbox. */
export function createPerformer({
  connection,
  deliveryServer,
  readWindow,
  dispatch,
  intake = intakeOf(dispatch),
}: PerformerOptions): (effect: Pick<Effect, 'type' | 'params'>) => void {
  let subscription: Subscription | undefined
  let isClosing = false

  function subscribe(params: SubscribeParams): void {
    subscription?.unsubscribe()
    subscription = connection.subscribe(subscribeCall(params), params.attempt).subscribe({
      next: (event) => {
        intake.take(event, connection.masterUrl)
      },
      error: (error: unknown) => {
        const { code, message, retryable } = toJarcastError(error)
        intake.pass({ type: 'connection.lost', code, message, retryable })
      },
    })
  }

  async function send(call: SchedulerCall): Promise<void> {
    readWindow?.callBegan()
    try {
      await connection.send(deliveryServer.sign(withJitter(call)))
      if (call.type === 'UPDATE_FRAMEWORK') dispatch(frameworkUpdated(call.updateFramework))
    } catch (error) {
      // What the close cut off is no news: the framework has ended with it.
      const reason = toJarcastError(error)
      if (!isClosing && !isRenewed(call, reason)) dispatch(callFailed(call, reason))
    } finally {
      readWindow?.callEnded()
    }
  }

  async function startJarServer(previousUrl: string | undefined): Promise<void> {
    try {
      dispatch({ type: 'jarServer.started', ...(await deliveryServer.start(previousUrl)) })
    } catch (error) {
      const { code, message } = toJarcastError(error)
      dispatch({ type: 'jarServer.failed', code, message })
    }
  }

  async function stopJarServer(): Promise<void> {
    await deliveryServer.stop()
    dispatch({ type: 'jarServer.stopped' })
  }

  async function close(call: SchedulerCall | undefined): Promise<void> {
    isClosing = true
    // A master that cannot be told removes the framework by itself when its failover timeout is over.
    if (call !== undefined) await connection.send(call).catch(() => undefined)
    subscription?.unsubscribe()
    await connection.close()
    dispatch({ type: 'framework.closed' })
  }

  return ({ type, params }) => {
    switch (type) {
      case 'fx.subscribe':
        subscribe(params as SubscribeParams)
        break
      case 'fx.call':
        void send(params as SchedulerCall)
        break
      case 'fx.startJarServer':
        void startJarServer((params as { url: string | undefined }).url)
        break
      case 'fx.stopJarServer':
        void stopJarServer()
        break
      case 'fx.releaseSets':
        deliveryServer.release((params as { sets: readonly LibrarySet[] }).sets)
        break
      case 'fx.close':
        void close((params as { call: SchedulerCall | undefined }).call)
        break
      default:
        throw new JarcastError('FRAMEWORK_FAILED', `nothing performs the effect ${type}`)
    }
  }
}

function intakeOf(dispatch: PerformerOptions['dispatch']): Pick<Intake, 'take' | 'pass'> {
  return {
    take: (event, master) => toInboxEvents(event, master).forEach((entry) => dispatch(entry)),
    pass: dispatch,
  }
}

function subscribeCall({
  framework,
  frameworkId,
  offerConstraints,
}: SubscribeParams): SchedulerCall {
  return calls.subscribe(
    frameworkId === undefined ? framework : { ...framework, id: { value: frameworkId } },
    offerConstraints === undefined ? {} : { offerConstraints },
  )
}

function frameworkUpdated({
  frameworkInfo,
  offerConstraints,
}: SchedulerCallUpdateFramework): SchedulerInboxEvent {
  const { id: _id, ...framework } = frameworkInfo
  return {
    type: 'framework.updated',
    description: { framework, ...(offerConstraints === undefined ? {} : { offerConstraints }) },
  }
}

/**
 * True when the call's subscription has ended, and the next one begins with what it was for: its failure is no news. The
 * master's own word of that has a status, and is news.
 */
function isRenewed(call: SchedulerCall, { code, retryable, details }: JarcastError): boolean {
  const isOver = code === 'NOT_SUBSCRIBED' && retryable && details['status'] === undefined
  return isOver && renewedCalls.has(call.type)
}

/** Not ACCEPT, whose tasks may run or not, and not what users asked for and nothing repeats: MESSAGE, SHUTDOWN, REQUEST. */
const renewedCalls: ReadonlySet<SchedulerCall['type']> = new Set([
  // Mesos sends the update again.
  'ACKNOWLEDGE',
  'ACKNOWLEDGE_OPERATION_STATUS',
  // What they are about ended with the subscription.
  'DECLINE',
  'REVIVE',
  'SUPPRESS',
  'ACCEPT_INVERSE_OFFERS',
  'DECLINE_INVERSE_OFFERS',
  // The scheduler makes them again once it is subscribed.
  'KILL',
  'RECONCILE',
  'RECONCILE_OPERATIONS',
  'UPDATE_FRAMEWORK',
] as const)

function callFailed(call: SchedulerCall, error: JarcastError): CallFailed {
  const { offerIds = [], operations = [] } = call.type === 'ACCEPT' ? call.accept : {}
  const operationIds = operationIdsOf(operations)
  return {
    type: 'call.failed',
    call: call.type,
    launchIds: launchIdsOf(operations),
    ...(offerIds.length === 0 ? {} : { offerIds: offerIds.map(({ value }) => value) }),
    ...(operationIds.length === 0 ? {} : { operationIds }),
    code: error.code,
    outcome: outcomeOf(error),
    message: error.message,
  }
}

function outcomeOf({ retryable, details }: JarcastError): CallFailed['outcome'] {
  if (details['maybeTaken'] === true) return 'unknown'
  return retryable ? 'unsent' : 'refused'
}

function operationIdsOf(operations: readonly OfferOperation[]): readonly string[] {
  return operations.flatMap(({ id }) => id?.value ?? [])
}

function toJarcastError(error: unknown): JarcastError {
  if (error instanceof JarcastError) return error
  return new JarcastError('FRAMEWORK_FAILED', String(error), { cause: error })
}
