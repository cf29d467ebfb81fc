/** Checks of the cluster: its master, its clock, and a task that fetches a file from this machine. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createOperatorClient } from '../../client/agents/operator-request.ts'
import { createDeferred } from '../../deferred.ts'
import type { TaskRequest } from '../../domain/tasks/task-request.ts'
import { createFramework } from '../../framework/framework.ts'
import type { FrameworkOptions } from '../../framework/options/options.ts'
import type { FrameworkSettings } from '../../framework/options/settings.ts'
import type { Offer } from '../../mesos/types.generated.ts'
import { describeMaster } from '../flags/master-flags.ts'
import { count, formatSeconds } from '../output/printable.ts'
import type { Finding } from './check.ts'

const mostSkewMs = 5000
/** For an agent with room for the task. */
const waitTimeoutMs = 30_000
/** From the launch of the task to its end: its executor starts, downloads, and tries again. */
const endTimeoutMs = 120_000

/** What the master of `/slaves` says of its agents. */
export function checkAgents(offers: readonly Offer[], master: string): Finding {
  const check = 'master'
  const text = `${describeMaster(master)} answers, and has ${count(offers.length, 'active agent')}`
  if (offers.length > 0) return { check, state: 'ok', text }
  return {
    check,
    state: 'failed',
    text,
    remedy: 'start agents, and see their logs if they are running',
  }
}

/** Compares the clocks: certificates, permissions and logs depend on them. */
export async function checkClock(
  origin: string,
  settings: Pick<FrameworkSettings, 'tls'>,
): Promise<Finding> {
  const check = 'clock'
  const client = createOperatorClient({ tls: settings.tls }, 'MASTER_UNREACHABLE')
  const url = new URL('/health', origin).href
  const { date } = await client.send({ url, maxBytes: 65_536 }).finally(() => client.close())
  const theirs = Date.parse(date ?? '')
  if (Number.isNaN(theirs))
    return { check, state: 'skipped', text: 'the master does not tell its time' }
  const skewMs = Math.abs(Date.now() - theirs)
  // The master's time has whole seconds.
  const amount = skewMs < 1000 ? 'less than 1' : formatSeconds(skewMs)
  const text = `${amount} s between this machine and the master`
  if (skewMs <= mostSkewMs) return { check, state: 'ok', text }
  return { check, state: 'warning', text, remedy: 'run NTP on both' }
}

/**
 * Ships a file to an agent and reads it there: it must reach the advertised address. `limitMs`: from
 * the launch of the task to its end.
 */
export async function checkDelivery(
  options: FrameworkOptions,
  limitMs = endTimeoutMs,
): Promise<Finding> {
  const check = 'delivery'
  const folder = await mkdtemp(join(tmpdir(), 'jarcast-doctor-'))
  const file = join(folder, 'jarcast-doctor.txt')
  await writeFile(file, 'delivered\n')
  const framework = createFramework({ ...options, name: 'jarcast-doctor', libraries: [file] })
  let hostname = 'an agent'
  let limit: NodeJS.Timeout | undefined
  const late = createDeferred<never>()
  framework.on('task.launched', (launched) => {
    hostname = launched.hostname
    const text = `${hostname} has not ended the task within ${limitMs / 1000} s`
    limit ??= setTimeout(() => late.reject(new Error(text)), limitMs)
  })
  try {
    const command = 'test "$(cat "$JARCAST_LIBRARIES/jarcast-doctor.txt")" = delivered'
    const task: TaskRequest = { id: 'doctor', work: { kind: 'shell', command }, waitTimeoutMs }
    await Promise.race([framework.run(task), late.promise])
    const address = framework.jarServer === undefined ? '' : new URL(framework.jarServer.url).host
    return { check, state: 'ok', text: `${hostname} fetched a file from ${address}` }
  } catch (error) {
    const remedy =
      'give --advertise HOST, an address of this machine that agents can reach, and open --jar-server-port in firewalls'
    return { check, state: 'failed', text: (error as Error).message, remedy }
  } finally {
    clearTimeout(limit)
    await framework.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
