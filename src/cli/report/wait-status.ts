/** How an executor ended: Mesos reports the status of `wait(2)`. */
import { constants } from 'node:os'
import {
  requestedPlatform,
  runtimeMissingExitStatus,
  runtimeUnusableExitStatus,
} from '../../domain/runtimes/platforms.ts'
import { rejectedExitStatus, uncheckedExitStatus } from '../../domain/tasks/check-command.ts'

/** `exited with status 3`, `was killed by SIGKILL`; undefined if it is unknown (below 0). */
export function describeWaitStatus(status: number): string | undefined {
  if (status < 0) return undefined
  const signal = status & 0x7f
  if (signal !== 0) return `was killed by ${signalName(signal)}`
  const exitStatus = (status >> 8) & 0xff
  return `exited with status ${exitStatus}${exitHint(exitStatus)}`
}

function signalName(number: number): string {
  const [name] = Object.entries(constants.signals).find(([, value]) => value === number) ?? []
  return name ?? `signal ${number}`
}

/** What the exit status means: a shell runs the executor's command. */
function exitHint(exitStatus: number): string {
  if (exitStatus === rejectedExitStatus)
    return ": the file from the agent's fetcher has another SHA-256 than the shipped one, and was not run"
  if (exitStatus === uncheckedExitStatus)
    return ': it found no sha256sum, shasum, openssl or node to check the file from the fetcher'
  if (exitStatus === runtimeMissingExitStatus)
    return ': it found no Node.js, and none is shipped for its platform; see --runtime'
  if (exitStatus === runtimeUnusableExitStatus)
    return ': the Node.js that was shipped does not start there'
  if (requestedPlatform(exitStatus) !== undefined) return ': it found no Node.js; see --runtime'
  if (exitStatus === 127) return ': its command was not found on the agent; see --node'
  if (exitStatus === 126) return ': its command could not be run on the agent; see --node'
  return ''
}
