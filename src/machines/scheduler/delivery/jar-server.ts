/**
 * The jar server's life, as far as the framework decides it: on demand, once, drained before it closes.
 * What it does (listen, close) are effects; what came of them arrives as events.
 */
import { assertEvent, assign, emit, setup } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import type { Delivery } from '../../../domain/tasks/executors.ts'
import type { ProcessRestarted } from '../connection/subscription.ts'

export type JarServerEvent =
  | { readonly type: 'jarServer.start' }
  | JarServerStarted
  | JarServerFailed
  | { readonly type: 'jarServer.stop' }
  | { readonly type: 'jarServer.stopped' }
  | ProcessRestarted

/** It listens, and this is what executors need to know of it. */
export interface JarServerStarted {
  readonly type: 'jarServer.started'
  readonly url: string
  readonly delivery: Delivery
}

export interface JarServerFailed {
  readonly type: 'jarServer.failed'
  readonly code: string
  readonly message: string
}

export const jarServerMachine = setup({
  types: {} as {
    context: { readonly url: string | undefined; readonly failure: string | undefined }
    events: JarServerEvent
    emitted: {
      readonly type: 'jarServer.rejected'
      readonly code: string
      readonly message: string
    }
  },
  actions: {
    /** At the same address as before, if it had one: executors may still be fetching from there. */
    'fx.startJarServer': (_, _params: { url: string | undefined }) => undefined,
    'fx.stopJarServer': () => undefined,
    keepUrl: assign(({ event }) => {
      assertEvent(event, 'jarServer.started')
      return { url: event.url }
    }),
    keepFailure: assign(({ event }) => {
      assertEvent(event, 'jarServer.failed')
      return { failure: event.message }
    }),
    rejectSecondStart: emit({
      type: 'jarServer.rejected',
      code: 'JAR_SERVER_RUNNING',
      message: 'the jar server is already running',
    }),
  },
}).createMachine({
  id: 'jarServer',
  context: { url: undefined, failure: undefined },
  initial: 'idle',
  states: {
    idle: {
      on: { 'jarServer.start': 'starting', 'jarServer.stop': 'closed' },
    },
    starting: {
      entry: {
        type: 'fx.startJarServer',
        params: ({ context }) => ({ url: context.url }),
      },
      on: {
        'jarServer.start': { actions: 'rejectSecondStart' },
        'jarServer.started': { target: 'serving', actions: 'keepUrl' },
        'jarServer.failed': { target: 'failed', actions: 'keepFailure' },
        'jarServer.stop': 'draining',
        'process.restarted': 'idle',
      },
    },
    serving: {
      on: {
        'jarServer.start': { actions: 'rejectSecondStart' },
        'jarServer.stop': 'draining',
        'process.restarted': 'idle',
      },
    },
    draining: {
      entry: 'fx.stopJarServer',
      on: { 'jarServer.stopped': 'closed', 'process.restarted': 'closed' },
    },
    failed: {
      on: { 'jarServer.start': 'starting', 'jarServer.stop': 'closed' },
    },
    closed: {},
  },
})

export type JarServerSnapshot = SnapshotFrom<typeof jarServerMachine>
export type JarServerRef = ActorRefFrom<typeof jarServerMachine>
