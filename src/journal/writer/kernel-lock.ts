/**
 * Locks with flock(2), which Node does not offer. The lock belongs to the open file description: a
 * child inherits the descriptor, takes the lock and ends; this process keeps the lock. The kernel
 * releases it when the last process with the descriptor has ended. Node opens files close-on-exec,
 * so no other child has it.
 */
import { spawn } from 'node:child_process'

/**
 * Takes an exclusive lock on the open file or folder of a descriptor. `unavailable`: there is no
 * `flock` program, or the file system has no locks.
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
      // For a lock that is taken, util-linux and busybox both exit with 1 and no output.
      if (status === 0) resolve('held')
      else resolve(status === 1 && complaint === '' ? 'taken' : 'unavailable')
    })
  })
}
