import type { Socket } from 'node:net'

/**
 * Maximum number of waiting requests per connection. No known client sends more than a few.
 */
const maxWaiting = 64

interface Connection {
  turn: Promise<void>
  waiting: number
  readonly closed: AbortSignal
}

/**
 * Answers pipelined requests of a connection one after the other. Node parses all of them at once
 * and only queues their output: a packet of 2,000 requests would open 2,000 files and read 2,000
 * first chunks into memory. `answer` gets a signal that is aborted when the connection is closed;
 * it must not reject.
 * A connection with more than 64 waiting requests is destroyed.
 */
export function createTurns(): (
  socket: Socket,
  answer: (closed: AbortSignal) => Promise<void>,
) => Promise<void> {
  const connections = new WeakMap<Socket, Connection>()

  function connectionOf(socket: Socket): Connection {
    const known = connections.get(socket)
    if (known) return known
    const controller = new AbortController()
    // Node emits no 'close' for a response that is still queued behind another one.
    if (socket.destroyed) controller.abort()
    else socket.once('close', () => controller.abort())
    const connection = { turn: Promise.resolve(), waiting: 0, closed: controller.signal }
    connections.set(socket, connection)
    return connection
  }

  return (socket, answer) => {
    const connection = connectionOf(socket)
    if (connection.waiting > maxWaiting) {
      socket.destroy()
      return connection.turn
    }
    connection.waiting += 1
    connection.turn = answerNext(connection, answer)
    return connection.turn
  }
}

async function answerNext(
  connection: Connection,
  answer: (closed: AbortSignal) => Promise<void>,
): Promise<void> {
  await connection.turn
  await answer(connection.closed)
  connection.waiting -= 1
}
