/**
 * Puts permissions for the jar server into what Mesos is sent, at the very edge: machines, journals and frames of the
 * inspector have addresses without.
 */
import { isRecord, parseJson } from '../domain/json.ts'
import type {
  CommandInfo,
  ExecutorInfo,
  OfferOperation,
  SchedulerCall,
  TaskInfo,
} from '../mesos/types.generated.ts'
import type { JarServer } from '../server/jar-server.ts'
import type { Lifetime } from '../server/access.ts'

/** What permissions come from. */
export type Signer = Pick<JarServer, 'url' | 'sign' | 'accessTo'>

/** The call with permissions in its launches; calls of other kinds as they are. */
export function signLaunches(call: SchedulerCall, signer: Signer): SchedulerCall {
  if (call.type !== 'ACCEPT') return call
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

/** Mesos shows it to nobody but the executor. */
function signData(data: string, { accessTo }: Signer): string {
  const payload = parseJson(Buffer.from(data, 'base64').toString())
  const librarySet = isRecord(payload) ? payload['librarySet'] : undefined
  if (!isRecord(payload) || !isRecord(librarySet)) return data
  const access = accessTo(String(librarySet['id']))
  if (access === undefined) return data
  const signed = { ...payload, librarySet: { ...librarySet, access } }
  return Buffer.from(JSON.stringify(signed)).toString('base64')
}

/** The same each time: Mesos refuses another command under a known executor id. */
function signExecutor(executor: ExecutorInfo, signer: Signer): ExecutorInfo {
  const { command } = executor
  if (command?.uris === undefined) return executor
  const { value, ...signed } = signUris(command, signer, 'standing')
  return {
    ...executor,
    command: { ...signed, ...(value === undefined ? {} : { value: signText(value, signer) }) },
  }
}

function signUris(command: CommandInfo, { sign }: Signer, lifetime: Lifetime): CommandInfo {
  if (command.uris === undefined) return command
  const uris = command.uris.map((uri) => ({ ...uri, value: sign(uri.value, lifetime) }))
  return { ...command, uris }
}

/** The seed's form: addresses, separated by commas, in quotes, at the end of a command of ours. */
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
