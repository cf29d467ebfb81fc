import { useEffect, useState } from 'preact/hooks'
import { toAnswerError } from '../../source/source.ts'
import type { Page } from '../../state/page.ts'
import { append, noText, type TailText } from './tail-text.ts'

export interface FileState {
  readonly tail: TailText
  /** Bytes of the whole file; undefined before the first answer. */
  readonly size: number | undefined
  readonly isOver: boolean
  readonly error: string | undefined
}

const nothing: FileState = { tail: noText, size: undefined, isOver: false, error: undefined }

/** Of a large file, reading begins so many bytes before its end. */
const firstBytes = 1_000_000
const pollMs = 1000
const retryMs = 3000

/** Follows a file of a task's sandbox, from near its end on. */
export function useFile(page: Page, taskId: string, file: 'stdout' | 'stderr'): FileState {
  const app = page.app.value?.id
  const [state, setState] = useState(nothing)
  useEffect(() => {
    let isGone = false
    let timer: ReturnType<typeof setTimeout> | undefined
    let { tail } = nothing
    let isFirst = true
    setState(nothing)

    async function read(): Promise<void> {
      try {
        const offset = isFirst ? -firstBytes : tail.end
        const answer = await page.askApp('sandbox', { taskId, file, offset })
        if (isGone) return
        const { size, isOver, next } = answer
        isFirst = false
        tail = append(tail, answer)
        setState({ tail, size, isOver, error: undefined })
        if (next < size) await read()
        else if (!isOver) timer = setTimeout(() => void read(), pollMs)
      } catch (error) {
        if (isGone) return
        setState((earlier) => ({ ...earlier, error: toAnswerError(error).message }))
        timer = setTimeout(() => void read(), retryMs)
      }
    }
    void read()
    return () => {
      isGone = true
      clearTimeout(timer)
    }
  }, [app, taskId, file])
  return state
}
