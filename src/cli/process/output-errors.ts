/** Errors of stdout and stderr: a full disk, a reader that has left. */
import { requestStop } from './stop-signals.ts'

type Output = Pick<NodeJS.WriteStream, 'on' | 'write'>

/**
 * Reports the first error of each stream on the other one and stops the command. A reader that has
 * left (`| head`) or a closed terminal is no error: the work continues without output.
 * Returns a function that is true once there was an error.
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
