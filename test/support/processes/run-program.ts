/** Programs of the machine, for tests: what they wrote is told when they fail. */
import { spawn, spawnSync } from 'node:child_process'
import { messageOf } from '../../../src/errors.ts'
import { until } from '../until.ts'

/** Runs a program to its end and returns what it printed; throws with all that it wrote when it fails. */
export function runProgram(command: string, args: readonly string[], cwd?: string): string {
  const options = { encoding: 'utf8', ...(cwd === undefined ? {} : { cwd }) } as const
  const { status, signal, error, stdout, stderr } = spawnSync(command, args, options)
  if (error !== undefined) throw new Error(`${command}: ${error.message}`, { cause: error })
  if (status === 0) return stdout
  throw new Error(
    `${[command, ...args].join(' ')}: ended with ${signal ?? status}\n${stdout}${stderr}`,
  )
}

export interface ServerProgram {
  readonly signal: (signal: NodeJS.Signals) => void
  /** Ends it with SIGKILL, unless it has ended. */
  readonly kill: () => Promise<void>
}

/** Starts a server; resolves when `isReady` holds. Rejects with what it wrote when it ends before. */
export async function startServer(
  command: string,
  args: readonly string[],
  isReady: () => Promise<boolean>,
): Promise<ServerProgram> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let ending: string | undefined
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => (output = `${output}${String(chunk)}`.slice(-20_000)))
  }
  // A test that ran out of time does not come to its close.
  const killNow = (): void => void child.kill('SIGKILL')
  process.once('exit', killNow)
  const ended = new Promise<void>((resolve) => {
    child.once('error', ({ message }) => (ending = message))
    child.once('close', (status, signal) => {
      ending ??= `ended with ${signal ?? status}`
      process.off('exit', killNow)
      resolve()
    })
  })
  const name = [command, ...args].join(' ')
  const look = async (): Promise<boolean> => {
    if (ending !== undefined) throw new Error(ending)
    return await isReady()
  }
  await until('its readiness', look).catch((cause: unknown) => {
    killNow()
    throw new Error(`${name}: ${messageOf(cause)}\n${output}`, { cause })
  })
  return {
    signal: (signal) => void child.kill(signal),
    async kill() {
      killNow()
      await ended
    },
  }
}
