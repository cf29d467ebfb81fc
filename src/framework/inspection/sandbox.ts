/** Answers the inspector's questions about the output of a task. */
import { unfinishedBytes } from '../../domain/unfinished-bytes.ts'
import { JarcastError, messageOf } from '../../errors.ts'
import type { App } from '../../inspector/protocol/questions.ts'
import type { TaskFiles } from '../sandbox/task-files.ts'
import type { TaskPlace } from '../sandbox/task-place.ts'

export interface SandboxOptions {
  readonly files: Pick<TaskFiles, 'read'>
  readonly placeOf: (taskId: string) => TaskPlace | undefined
}

/** Answers questions for stdout and stderr. Rejects with AGENT_UNREACHABLE where the agent fails. */
export function createSandbox({ files, placeOf }: SandboxOptions): App['sandbox'] {
  async function answer({ taskId, file: name, offset }: Parameters<App['sandbox']>[0]) {
    const place = placeOf(taskId)
    if (place === undefined) throw new Error(`nothing is known of where ${taskId} ran`)
    const from = offset < 0 ? await fromEnd(place, name, offset) : offset
    const part = await files.read(place, { name }, from)
    if (part === undefined) throw new Error(`there is no ${name}`)
    const { data, size } = part
    const { text, length } = wholeText(data)
    const at = Math.min(from, size)
    return { offset: at, text, next: at + length, size, isOver: place.isOver }
  }

  async function fromEnd(place: TaskPlace, name: 'stdout' | 'stderr', back: number) {
    const { size = 0 } = (await files.read(place, { name }, 0)) ?? {}
    return Math.max(0, size + back)
  }

  return async (question) => {
    try {
      return await answer(question)
    } catch (error) {
      const message = `the task's files cannot be read: ${messageOf(error)}`
      throw new JarcastError('AGENT_UNREACHABLE', message, { cause: error })
    }
  }
}

/** The text up to the last whole character, and its number of bytes. */
function wholeText(data: Uint8Array): { readonly text: string; readonly length: number } {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length)
  const length = bytes.length - unfinishedBytes(bytes)
  return { text: bytes.toString('utf8', 0, length), length }
}
