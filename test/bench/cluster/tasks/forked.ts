/** Programs in processes of their own, which answer in messages. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Serializable } from 'node:child_process'

export interface Forked {
  send(message: Serializable): void
  /** Its next message. Rejects if it ends before. */
  next<Message>(): Promise<Message>
  /** Disconnects from it, at which it should end; resolves when it has. */
  close(): Promise<void>
}

/** `program`: an ES module, whose first argument is `input` as JSON. */
export function startForked(name: string, program: string, input: unknown): Forked {
  const args = ['--input-type=module', '--eval', program, JSON.stringify(input)]
  const child = fork('-', [], { execArgv: args })
  const exited = once(child, 'exit')
  return {
    send: (message) => void child.send(message),
    async next<Message>() {
      const ended = exited.then(() => {
        throw new Error(`${name} has ended`)
      })
      const [message] = (await Promise.race([once(child, 'message'), ended])) as [Message]
      return message
    },
    async close() {
      if (child.connected) child.disconnect()
      await exited
    },
  }
}
