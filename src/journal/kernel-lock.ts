/**
 * flock(2), which Node does not offer. The lock belongs to the open file description: a child that inherits the
 * descriptor takes it for us and ends, the lock stays ours, and the kernel releases it when the last process with
 * the descriptor is gone. Node opens files close-on-exec, so no other child of ours has it.
 */
import { spawn } from 'node:child_process'

/**
 * Takes an exclusive lock on what a descriptor is open on. `unavailable`: there is no `flock` program, or the file
 * system has no locks.
 */
export function lockDescriptor(descriptor: number): Promise<'held' | 'taken' | 'unavailable'> {
  return new Promise((resolve) => {
    const child = spawn('flock', ['-n', '-x', '3'], {
      stdio: ['ignore', 'ignore', 'pipe', descriptor],
    })
    let complaint = ''
    child.stderr?.on('data', (data: Buffer) => (complaint += data.toString()))
    child.on('error', () => {
      resolve('unavailable')
    })
    child.on('close', (status) => {
      // A lock that is taken is status 1 without a word, with util-linux as with busybox.
      if (status === 0) resolve('held')
      else resolve(status === 1 && complaint === '' ? 'taken' : 'unavailable')
    })
  })
}
