/** Of the page that a server sends. */
import { socketAddress } from './source/socket-address.ts'
import { createSocketSource } from './source/socket-source.ts'
import { protocolsWith, takeToken } from './source/token.ts'
import { startPage } from './start.tsx'

const protocols = protocolsWith(takeToken())

startPage(
  createSocketSource({
    connect: (on) => {
      const socket = new WebSocket(socketAddress('inspector/socket'), protocols)
      socket.addEventListener('message', ({ data }) => on.message(String(data)))
      socket.addEventListener('close', ({ code }) => on.close(code))
      return { send: (text) => socket.send(text), close: () => socket.close() }
    },
    wait: (ms, callback) => setTimeout(callback, ms),
  }),
)
