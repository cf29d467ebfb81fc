/**
 * Answers known requests without node:http, which takes most of the time of a small answer. Each
 * connection begins here; with its first request that is not exactly known it goes to node:http,
 * and stays there.
 */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionUse } from '../../access/guard-connections.ts'
import { createFirstBytes } from './first-bytes.ts'
import type { FastAnswers } from './fast-answers.ts'
import { FastConnection } from './fast-connection.ts'

export interface FastPathOptions {
  readonly answers: FastAnswers
  /** Answers what is not known; its time limits are those of this path. It need not listen. */
  readonly server: Server
  /** Counts the use of a connection; undefined if it is not guarded. */
  readonly useOf: (socket: Socket) => ConnectionUse | undefined
  readonly isStopping: () => boolean
  readonly onBegin: () => void
  readonly onEnd: () => void
}

export interface FastPath {
  take(socket: Socket): void
  /** Closes the connections between two requests. */
  closeIdleConnections(): void
}

const checkMs = 2000

export function createFastPath(options: FastPathOptions): FastPath {
  const { answers, server, useOf, isStopping, onBegin, onEnd } = options
  const connections = new Set<FastConnection>()
  const firstBytesOf = createFirstBytes(server.keepAliveTimeout)
  let timer: NodeJS.Timeout | undefined

  function check(): void {
    const nowMs = performance.now()
    for (const connection of connections) connection.checkTime(nowMs)
  }

  function forget(connection: FastConnection): void {
    connections.delete(connection)
    if (connections.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  return {
    take(socket) {
      const use = useOf(socket)
      const connection = new FastConnection(socket, {
        answers,
        firstBytesOf,
        idleTimeoutMs: server.timeout,
        headersTimeoutMs: server.headersTimeout,
        keepAliveMs: server.keepAliveTimeout,
        isStopping,
        onBegin() {
          onBegin()
          use?.begin()
        },
        onEnd() {
          use?.end()
          onEnd()
        },
        onUnknown: (unread) => handOver(server, socket, unread),
        onGone: () => forget(connection),
      })
      connections.add(connection)
      timer ??= setInterval(check, checkMs).unref()
    },
    closeIdleConnections() {
      for (const connection of connections) connection.closeIfIdle()
    },
  }
}

function handOver(server: Server, socket: Socket, unread: Buffer): void {
  socket.pause().unshift(unread)
  server.emit('connection', socket)
  // Resume only after the server has added its listeners.
  process.nextTick(() => socket.resume())
}
