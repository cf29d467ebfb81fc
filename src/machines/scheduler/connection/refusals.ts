/**
 * Why the master ends a subscription permanently, from the text of its ERROR event. The texts are
 * those of a Mesos 1.12.0 master.
 * Source: apache/mesos src/master/master.cpp.
 */
import type { Failure } from './events.ts'

/** `FRAMEWORK_FAILED_OVER`, `FRAMEWORK_REMOVED` or `MASTER_REJECTED`. */
export function refusalOf(message: string): Failure {
  if (message.includes('failed over')) return takenOver(message)
  if (message.includes('has been removed') || message.includes('was removed'))
    return {
      code: 'FRAMEWORK_REMOVED',
      message:
        `the master removed this framework for good: ${message}. It was torn down, or disconnected for longer ` +
        `than its failover timeout; start a new one, without this id and with another journal`,
    }
  return { code: 'MASTER_REJECTED', message }
}

/** Another instance of the framework has subscribed: the tasks belong to it from now on. */
export function takenOver(message: string): Failure {
  return {
    code: 'FRAMEWORK_FAILED_OVER',
    message: `another scheduler took over this framework and its tasks (${message}); they continue there`,
  }
}
