/** The executor endpoint of an agent over HTTP, for tests of the real executor program. */
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { executorCodec } from '../../../src/mesos/codec.ts'
import { encodeRecord } from '../../../src/mesos/recordio.ts'
import type { LibrarySetReference } from '../../../src/domain/tasks/task-payload.ts'
import type { ExecutorCall, ExecutorEvent, TaskStatus } from '../../../src/mesos/types.generated.ts'

export interface AgentServer {
  readonly port: number
  readonly calls: readonly ExecutorCall[]
  /** Whether updates are acknowledged; default true. */
  acknowledges: boolean
  /** Status of the answers to SUBSCRIBE; default 200. */
  subscribeStatus: number
  tell(event: ExecutorEvent): void
  /** Writes these bytes into the stream of events. */
  tellBytes(bytes: Uint8Array): void
  launchShell(taskId: string, command: string, librarySet?: LibrarySetReference): void
  statuses(taskId: string): readonly TaskStatus[]
  /** Resolves with the first result of `find`, which is called after each call. */
  until<T>(find: () => T | undefined): Promise<T>
  /** Closes all connections and the server, as for a killed agent. */
  die(): Promise<void>
}

const codec = executorCodec('application/x-protobuf')

export async function startAgentServer(port = 0): Promise<AgentServer> {
  const calls: ExecutorCall[] = []
  const checks = new Set<() => void>()
  let stream: ServerResponse | undefined

  function take(call: ExecutorCall, response: ServerResponse): void {
    if (call.type === 'SUBSCRIBE') {
      if (agent.subscribeStatus !== 200) {
        response.writeHead(agent.subscribeStatus).end('Agent has not finished recovery')
      } else {
        response.writeHead(200, { 'content-type': codec.mediaType })
        stream = response
        agent.tell(subscribed(call))
      }
    } else {
      response.writeHead(202).end()
    }
    calls.push(call)
    if (call.type === 'UPDATE' && agent.acknowledges) {
      const { taskId, uuid = '' } = call.update.status
      agent.tell({ type: 'ACKNOWLEDGED', acknowledged: { taskId, uuid } })
    }
    for (const check of checks) check()
  }

  const server = createServer((request, response) => {
    void buffer(request).then((body) => take(codec.decodeCall(body), response))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))

  const agent: AgentServer = {
    port: (server.address() as AddressInfo).port,
    calls,
    acknowledges: true,
    subscribeStatus: 200,
    tellBytes: (bytes) => stream?.write(bytes),
    tell: (event) => stream?.write(encodeRecord(codec.encodeEvent(event))),
    launchShell(taskId, command, librarySet) {
      const work = { kind: 'shell', command }
      const payload = { version: 1, work, maxResultBytes: 1000, librarySet }
      const data = Buffer.from(JSON.stringify(payload)).toString('base64')
      const task = { name: taskId, taskId: { value: taskId }, agentId: { value: 'agent' }, data }
      agent.tell({ type: 'LAUNCH', launch: { task } })
    },
    statuses: (taskId) =>
      calls.flatMap((call) =>
        call.type === 'UPDATE' && call.update.status.taskId.value === taskId
          ? [call.update.status]
          : [],
      ),
    until: (find) =>
      new Promise((resolve) => {
        const check = (): void => {
          const found = find()
          if (found === undefined) return
          checks.delete(check)
          resolve(found)
        }
        checks.add(check)
        check()
      }),
    die: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return agent
}

function subscribed({ executorId, frameworkId }: ExecutorCall): ExecutorEvent {
  return {
    type: 'SUBSCRIBED',
    subscribed: {
      executorInfo: { executorId, frameworkId },
      frameworkInfo: { user: 'root', name: 'test', id: frameworkId },
      agentInfo: { hostname: 'localhost' },
    },
  }
}
