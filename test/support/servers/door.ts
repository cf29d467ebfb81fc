import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

/** An address that leads to another one, until it is shut. */
export interface Door {
  readonly port: number
  /** Refuses connections from now on, and cuts those that there are. */
  shut(): Promise<void>
  /** Takes connections again, on the same port. */
  open(): Promise<void>
}

/** Opens a port on 127.0.0.1 that leads to `targetPort` there. */
export async function openDoor(targetPort: number): Promise<Door> {
  const sockets = new Set<Socket>()
  let server: Server | undefined
  let port = 0

  const join = (one: Socket, other: Socket): void => {
    sockets.add(one)
    one.on('error', () => other.destroy())
    one.on('close', () => {
      sockets.delete(one)
      other.destroy()
    })
    one.pipe(other)
  }
  const open = async (): Promise<void> => {
    const opening = createServer((near) => {
      const far = connect(targetPort, '127.0.0.1')
      join(near, far)
      join(far, near)
    })
    await new Promise<void>((resolve) => opening.listen(port, '127.0.0.1', resolve))
    ;({ port } = opening.address() as AddressInfo)
    server = opening
  }
  await open()
  return {
    get port() {
      return port
    },
    open,
    async shut() {
      const closed = new Promise((resolve) => {
        if (server === undefined) resolve(undefined)
        else server.close(resolve)
      })
      for (const socket of sockets) socket.destroy()
      await closed
      server = undefined
    },
  }
}
