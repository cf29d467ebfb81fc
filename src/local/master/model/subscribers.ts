/**
 * The master's event stream for operators: first the whole state, then every change.
 * Source: apache/mesos docs/operator-http-api.md, "Events"; src/master/readonly_handler.cpp
 * (subscribe).
 */
import type { ServerResponse } from 'node:http'
import { masterCodec } from '../../../mesos/codec.ts'
import type { MediaType } from '../../../mesos/codec.ts'
import type { MasterEvent } from '../../../mesos/types.generated.ts'
import { openEventStream } from '../../http/event-stream.ts'
import type { EventStream } from '../../http/event-stream.ts'
import { toTimeInfo } from '../../time/time-info.ts'
import type { Framework, MasterState, MasterWatch } from '../state/master-state.ts'
import { toTask } from '../state/records.ts'
import { describeAgent } from './agents.ts'
import { describeFramework } from './frameworks.ts'
import { getState } from './master-model.ts'

export interface Subscribers {
  /** Receives the master's changes. */
  readonly watch: MasterWatch
  /**
   * Answers 200, SUBSCRIBED and the first HEARTBEAT. Above 1000 streams the oldest ends, as in
   * Mesos.
   */
  add(master: MasterState, response: ServerResponse, mediaType: MediaType): void
  count(): number
  close(): void
}

interface Subscriber {
  readonly stream: EventStream<MasterEvent>
  readonly heartbeat: NodeJS.Timeout
}

/** Mesos' `--max_operator_event_stream_subscribers`. */
const maxSubscribers = 1000

export function createSubscribers(heartbeatIntervalSeconds: number): Subscribers {
  const subscribers = new Set<Subscriber>()

  function send(makeEvent: () => MasterEvent): void {
    if (subscribers.size === 0) return
    const event = makeEvent()
    for (const { stream } of subscribers) stream.send(event)
  }

  function end(subscriber: Subscriber): void {
    clearInterval(subscriber.heartbeat)
    subscribers.delete(subscriber)
    subscriber.stream.end()
  }

  return {
    watch: watchWith(send),
    add(master, response, mediaType) {
      const codec = masterCodec(mediaType, { writeDefaults: true })
      const stream = openEventStream<MasterEvent>({
        response,
        contentType: mediaType,
        encode: (event) => codec.encodeEvent(event),
        onDisconnect: () => end(subscriber),
      })
      stream.send({
        type: 'SUBSCRIBED',
        subscribed: { getState: getState(master), heartbeatIntervalSeconds },
      })
      stream.send({ type: 'HEARTBEAT' })
      const heartbeat = setInterval(
        () => stream.send({ type: 'HEARTBEAT' }),
        heartbeatIntervalSeconds * 1000,
      )
      const subscriber: Subscriber = { stream, heartbeat }
      subscribers.add(subscriber)
      const [oldest] = subscribers
      if (subscribers.size > maxSubscribers && oldest !== undefined) end(oldest)
    },
    count: () => subscribers.size,
    close() {
      for (const subscriber of subscribers) end(subscriber)
    },
  }
}

function watchWith(send: (makeEvent: () => MasterEvent) => void): MasterWatch {
  return {
    taskAdded: (framework, task) =>
      send(() => ({ type: 'TASK_ADDED', taskAdded: { task: toTask(framework, task) } })),
    taskUpdated: (framework, task, status) =>
      send(() => ({
        type: 'TASK_UPDATED',
        taskUpdated: { frameworkId: { value: framework.id }, status, state: task.state },
      })),
    frameworkAdded: (framework) =>
      send(() => ({
        type: 'FRAMEWORK_ADDED',
        frameworkAdded: { framework: describeChange(framework) },
      })),
    frameworkUpdated: (framework) =>
      send(() => ({
        type: 'FRAMEWORK_UPDATED',
        frameworkUpdated: { framework: describeChange(framework) },
      })),
    frameworkRemoved: ({ id, info }) =>
      send(() => ({
        type: 'FRAMEWORK_REMOVED',
        frameworkRemoved: { frameworkInfo: { ...info, id: { value: id } } },
      })),
    agentAdded: (agent) =>
      send(() => ({
        type: 'AGENT_ADDED',
        agentAdded: { agent: describeAgent(agent, { used: [], offered: [] }) },
      })),
    agentRemoved: (agentId) =>
      send(() => ({ type: 'AGENT_REMOVED', agentRemoved: { agentId: { value: agentId } } })),
  }
}

/** The framework in an event: without resources and constraints, and with 0 for an absent time. */
function describeChange(framework: Framework) {
  const {
    allocatedResources: _allocated,
    offerConstraints: _constraints,
    ...described
  } = describeFramework(framework)
  return { ...described, unregisteredTime: described.unregisteredTime ?? toTimeInfo(0) }
}
