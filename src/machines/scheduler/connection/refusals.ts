/**
 * Why the master ends a subscription for good, from the text of its ERROR event. The texts are
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
        `the master has removed this framework for good: ${message}. It was torn down, or away for longer than its ` +
        `failover timeout; start anew, without its id and with another journal`,
    }
  return { code: 'MASTER_REJECTED', message }
}

/** Another instance of the framework has subscribed: the tasks are its own from now on. */
export function takenOver(message: string): Failure {
  return {
    code: 'FRAMEWORK_FAILED_OVER',
    message: `another scheduler has taken this framework over, with its tasks (${message}); it goes on there`,
  }
}
