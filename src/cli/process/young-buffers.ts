/**
 * Frees buffers early. V8 lets 32 MB of them wait until it collects its young objects; a program
 * that copies a stream uses a few hundred kilobytes at a time.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const everyBytes = 1_000_000

/** Returns a function to call with the number of bytes that were handled since its last call. */
export function createBufferCollector(): (handledBytes: number) => void {
  let collect: NodeJS.GCFunction | undefined
  let waitingBytes = 0
  return (handledBytes) => {
    waitingBytes += handledBytes
    if (waitingBytes < everyBytes) return
    waitingBytes = 0
    collect ??= exposeCollector()
    collect({ type: 'minor' })
  }
}

/** Only a context that is made after the flag has the function. */
function exposeCollector(): NodeJS.GCFunction {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as NodeJS.GCFunction
}
