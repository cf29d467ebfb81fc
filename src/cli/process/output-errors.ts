/** What becomes of this process when its own output cannot be written. */
import { requestStop } from './stop-signals.ts'

type Output = Pick<NodeJS.WriteStream, 'on' | 'write'>

/**
 * Reports the first error of each stream in a line on the other one and stops what runs. A reader that has seen
 * enough (| head) and a terminal that is gone are no errors: the work goes on without being shown.
 * Returns a function that tells whether there was an error.
 */
export function watchOutputs(stdout: Output, stderr: Output): () => boolean {
  const failed = new Set<Output>()

  function watch(stream: Output, name: string, other: Output): void {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || error.code === 'EIO') return
      if (failed.has(stream) || error.code === 'ERR_STREAM_DESTROYED') return
      failed.add(stream)
      if (!failed.has(other)) other.write(`jarcast: ${name} cannot be written: ${error.message}\n`)
      if (failed.size === 1) requestStop()
    })
  }

  watch(stdout, 'stdout', stderr)
  watch(stderr, 'stderr', stdout)
  return () => failed.size > 0
}
