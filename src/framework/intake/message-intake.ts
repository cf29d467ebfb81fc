/** Messages of executors: no entries, except that an agent has a library. */
import { defined } from '../../defined.ts'
import { parseExecutorMessage } from '../../domain/tasks/executor-message.ts'
import { addHolder } from '../../machines/scheduler/delivery/library-holders.ts'
import type { SchedulerEventMessage } from '../../mesos/types.generated.ts'
import { createBuckets } from '../../server/relays/token-buckets.ts'
import { holdersOf, librariesOf } from '../state/selectors.ts'
import { entryBounds } from './inbox-events.ts'
import type { IntakeOptions } from './intake-options.ts'
import { senderOf } from './sender-limits.ts'

/** Per executor. Messages above are dropped: Mesos does not guarantee delivery of messages. */
const rate = { burst: 5000, perSecond: 1000 }
const byteRate = { burst: 64 * 1024 * 1024, perSecond: 16 * 1024 * 1024 }
/** Base64 characters; jarcast's executor sends no longer message. */
const maxOwnMessage = 64 * 1024
const maxHostname = 255

export function createMessageIntake({
  snapshot,
  readWindow,
  dispatch,
  onMessage,
  reports,
}: IntakeOptions): (message: SchedulerEventMessage) => void {
  const messages = createBuckets(rate)
  const bytes = createBuckets(byteRate)

  function keepHolder(agentId: string, data: string): void {
    const message = parseExecutorMessage(Buffer.from(data, 'base64').toString('utf8'))
    if (message?.type !== 'library.fetched' || agentId.length > entryBounds.id) return
    const hostname = message.hostname?.slice(0, maxHostname)
    const added = { sha256: message.sha256, agentId, ...defined({ hostname }) }
    const holders = holdersOf(snapshot())
    if (addHolder(holders, librariesOf(snapshot()), added) === holders) return
    dispatch({ type: 'holder.added', ...added })
  }

  return (message) => {
    const { agentId, executorId, data } = message
    const sender = senderOf('messages', agentId.value, executorId.value)
    const key = JSON.stringify(sender)
    if (!messages.take(key, 1) || !bytes.take(key, data.length)) {
      reports.add(sender, data.length)
      return
    }
    readWindow.after(() => onMessage(message))
    if (data.length <= maxOwnMessage) keepHolder(agentId.value, data)
  }
}
