/** The executor program: `node jarcast-executor.cjs [uri,uri,…]`, started by a Mesos agent. */
import process from 'node:process'
import { connectExecutor } from '../client/executor-connection.ts'
import { defined } from '../defined.ts'
import { messageOf } from '../errors.ts'
import { parseUriList, readEnvironment } from './agent/environment.ts'
import { runExecutor } from './run-executor.ts'

async function main(): Promise<number> {
  const { env } = process
  // If the reader of these pipes ends, the tasks continue.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined)
  const environment = readEnvironment(env)
  // As in Mesos' own executor library: no child process inherits the token.
  delete env['MESOS_EXECUTOR_AUTHENTICATION_TOKEN']
  const seedUris = parseUriList(process.argv[2])
  const { agentUrl, mediaType, tls, token } = environment
  const connection = connectExecutor(agentUrl, { mediaType, tls, ...defined({ token }) })
  const executor = await runExecutor({ environment, seedUris, connection, env, log })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => executor.shutDown(`ended by ${signal}`))
  }
  return await executor.ended
}

function log(message: string): void {
  process.stderr.write(`jarcast-executor: ${message}\n`)
}

main().then(
  (exitStatus) => process.exit(exitStatus),
  (error: unknown) => {
    log(messageOf(error))
    process.exit(1)
  },
)
