/**
 * Settings of Spark by their names there, as settings here.
 * Source: apache/spark docs/configuration.md, docs/running-on-mesos.md (3.x).
 */
import { JarcastError } from '../../errors.ts'

/** A setting here, with its value as on the command line; or why there is none. */
export type SparkSetting =
  { readonly name: string; readonly value: unknown } | { readonly remedy: string }

type Translate = (value: string) => unknown

/** Names there, with names here and the form of the value here. */
const translations: Readonly<Record<string, readonly [name: string, translate?: Translate]>> = {
  'spark.master': ['master', toMaster],
  'spark.app.name': ['name'],
  'spark.jars': ['jar', listOf],
  'spark.files': ['lib', listOf],
  'spark.archives': ['archive', (value) => listOf(value).map((one) => one.replace(/#.*$/, ''))],
  'spark.jars.packages': ['package', (value) => listOf(value).map((one) => `maven:${one}`)],
  'spark.jars.excludes': ['exclude', listOf],
  'spark.jars.repositories': ['repository', listOf],
  'spark.executor.memory': ['mem', toMegabytes],
  'spark.executor.cores': ['cpus'],
  'spark.task.cpus': ['cpus'],
  'spark.task.maxFailures': ['retries', toRetries],
  'spark.mesos.role': ['role'],
  'spark.mesos.principal': ['principal'],
  'spark.mesos.principal.file': ['credentials'],
  'spark.mesos.constraints': ['constraint', toConstraints],
  'spark.mesos.gpus.max': ['gpus'],
  'spark.mesos.executor.docker.image': ['image'],
  'spark.mesos.executor.docker.forcePullImage': ['forcePull'],
  'spark.mesos.executor.docker.volumes': ['volume', listOf],
  'spark.mesos.containerizer': ['containerizer'],
  'spark.mesos.network.name': ['network', listOf],
  'spark.driver.host': ['advertise'],
  'spark.driver.bindAddress': ['bind'],
  'spark.blockManager.port': ['jarServerPort'],
  'spark.fileserver.port': ['jarServerPort'],
  'spark.network.timeout': ['timeout', toSeconds],
  'spark.scheduler.maxRegisteredResourcesWaitingTime': ['waitTimeout', toSeconds],
}

/** Names that people look for, and what to do in place of them. */
const remedies: Readonly<Record<string, string>> = {
  'spark.mesos.secret': 'write principal and secret into a file for --credentials',
  'spark.submit.deployMode': 'the scheduler runs where jarcast runs: start jarcast on the cluster',
  'spark.executor.instances': 'the number of tasks is what the module exports',
  'spark.cores.max': 'limit the role with a quota in Mesos',
  'spark.driver.memory': 'set NODE_OPTIONS=--max-old-space-size=MB',
  'spark.executor.extraClassPath': 'ship the jars with --jar',
  'spark.driver.extraClassPath': 'ship the jars with --jar',
  'spark.executor.extraJavaOptions': 'set JAVA_TOOL_OPTIONS with --env',
  'spark.mesos.executor.secret.names': 'name secrets with --env-secret or --volume-secret',
  'spark.mesos.uris': 'ship the files with --lib or --archive',
  'spark.mesos.coarse': 'each task runs in a process of its own',
}

const variablePrefix = /^spark\.(?:executorEnv|mesos\.driverEnv)\./

/** Throws `CONFIG_INVALID` for a value that has no equivalent here. */
export function fromSpark(name: string, value: string): SparkSetting {
  if (variablePrefix.test(name))
    return { name: 'env', value: [`${name.replace(variablePrefix, '')}=${value}`] }
  const known = Object.hasOwn(translations, name) ? translations[name] : undefined
  if (known === undefined) {
    const remedy = Object.hasOwn(remedies, name) ? remedies[name] : undefined
    return { remedy: remedy ?? 'it has no equivalent here: leave it out' }
  }
  const [own, translate = (text: string) => text] = known
  try {
    return { name: own, value: translate(value) }
  } catch (cause) {
    const message = `${name}=${value}: ${(cause as Error).message}`
    throw new JarcastError('CONFIG_INVALID', message, { details: { setting: name } })
  }
}

/** `mesos://HOST:PORT`, `mesos://zk://…` and `local[*]`, as they are written there. */
function toMaster(value: string): string {
  if (/^local(?:\[.*\])?$/.test(value)) return 'local'
  const [, rest] = /^mesos:\/\/(.+)$/.exec(value) ?? []
  if (rest === undefined) {
    if (/^(?:https?|zk|file):/.test(value)) return value
    throw new Error('jarcast runs on Mesos: give mesos://HOST:PORT, mesos://zk://… or local')
  }
  return /^(?:zk|file):/.test(rest) ? rest : `http://${rest}`
}

const megabytes: Readonly<Record<string, number>> = { k: 1 / 1024, m: 1, g: 1024, t: 1024 ** 2 }

/** `512m`, `2g`; without a unit, MB. */
function toMegabytes(value: string): string {
  const [, digits, unit = 'm'] = /^(\d+)\s*([kmgt])?b?$/i.exec(value) ?? []
  if (digits === undefined) throw new Error('give a size such as 512m or 2g')
  return String(Math.ceil(Number(digits) * (megabytes[unit.toLowerCase()] ?? 1)))
}

const seconds: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  min: 60,
  h: 3600,
  d: 86_400,
}

/** `120s`, `5min`; without a unit, s. */
function toSeconds(value: string): string {
  const [, digits, unit = 's'] = /^(\d+)\s*(ms|s|m|min|h|d)?$/i.exec(value) ?? []
  if (digits === undefined) throw new Error('give a time such as 30s or 5min')
  return String(Number(digits) * (seconds[unit.toLowerCase()] ?? 1))
}

/** Attempts there, retries after the first attempt here. */
function toRetries(value: string): string {
  if (!/^[1-9]\d*$/.test(value)) throw new Error('give a whole number, 1 or more')
  return String(Number(value) - 1)
}

/** `os:centos7;zone:a,b` means: os is centos7, and zone is a or b. */
function toConstraints(value: string): readonly string[] {
  return value
    .split(';')
    .filter(Boolean)
    .map((part) => {
      const [field = '', values = ''] = part.split(/:(.*)/s)
      return values === '' ? `${field} LIKE .*` : `${field} IN ${values}`
    })
}

function listOf(value: string): readonly string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
