/**
 * Adds permissions for the jar server to calls just before they are sent. Machines, journals and
 * the inspector have plain addresses.
 */
import { defined } from '../../defined.ts'
import { isRecord, parseJson } from '../../domain/json.ts'
import type {
  CommandInfo,
  ExecutorInfo,
  OfferOperation,
  SchedulerCall,
  TaskInfo,
} from '../../mesos/types.generated.ts'
import type { JarServer } from '../../server/jar-server.ts'
import type { Lifetime } from '../../server/permissions/access.ts'

/** Gives permissions. */
export type Signer = Pick<JarServer, 'url' | 'sign' | 'accessTo'>

/**
 * Returns the call with permissions in its launches; other calls, and all calls without a jar
 * server, unchanged.
 */
export function signLaunches(call: SchedulerCall, signer: Signer | undefined): SchedulerCall {
  if (call.type !== 'ACCEPT' || signer === undefined) return call
  const { operations = [], ...accept } = call.accept
  const signed = operations.map((operation) => signOperation(operation, signer))
  return { ...call, accept: { ...accept, operations: signed } }
}

function signOperation(operation: OfferOperation, signer: Signer): OfferOperation {
  if (operation.type === 'LAUNCH') {
    const { taskInfos = [] } = operation.launch
    return { ...operation, launch: { taskInfos: taskInfos.map((task) => signTask(task, signer)) } }
  }
  if (operation.type !== 'LAUNCH_GROUP') return operation
  const { executor, taskGroup } = operation.launchGroup
  const tasks = (taskGroup.tasks ?? []).map((task) => signTask(task, signer))
  const launchGroup = { executor: signExecutor(executor, signer), taskGroup: { tasks } }
  return { ...operation, launchGroup }
}

function signTask(task: TaskInfo, signer: Signer): TaskInfo {
  const { data, command, executor } = task
  return {
    ...task,
    ...(data && { data: signData(data, signer) }),
    ...(command && { command: signUris(command, signer, 'launch') }),
    ...(executor && { executor: signExecutor(executor, signer) }),
  }
}

/** Mesos shows the data only to the executor. */
function signData(data: string, { accessTo }: Signer): string {
  const payload = parseJson(Buffer.from(data, 'base64').toString())
  const librarySet = isRecord(payload) ? payload['librarySet'] : undefined
  if (!isRecord(payload) || !isRecord(librarySet)) return data
  const access = accessTo(String(librarySet['id']))
  if (access === undefined) return data
  const signed = { ...payload, librarySet: { ...librarySet, access } }
  return Buffer.from(JSON.stringify(signed)).toString('base64')
}

/** Always gives the same command: Mesos refuses a different command under a known executor id. */
function signExecutor(executor: ExecutorInfo, signer: Signer): ExecutorInfo {
  const { command } = executor
  if (command?.uris === undefined) return executor
  const { value, ...signed } = signUris(command, signer, 'standing')
  return {
    ...executor,
    command: {
      ...signed,
      ...defined({ value: value === undefined ? undefined : signText(value, signer) }),
    },
  }
}

function signUris(command: CommandInfo, { sign }: Signer, lifetime: Lifetime): CommandInfo {
  if (command.uris === undefined) return command
  const uris = command.uris.map((uri) => ({ ...uri, value: sign(uri.value, lifetime) }))
  return { ...command, uris }
}

/** jarcast's commands end with quoted addresses, separated by commas. */
function signText(text: string, { url, sign }: Signer): string {
  return text
    .split(url)
    .map((part, index) => {
      if (index === 0) return part
      const [path = ''] = /^[\w/.%-]*/.exec(part) ?? []
      return sign(`${url}${path}`, 'standing') + part.slice(path.length)
    })
    .join('')
}
