/**
 * Node task hosts: a `node` per task, or a warm one for many tasks, calls an exported function of a
 * module in the libraries.
 */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isRecord, parseJson } from '../../../domain/json.ts'
import type { Json } from '../../../domain/json.ts'
import { librariesVariable } from '../../../domain/class-path/class-path-variables.ts'
import { isSafeFileName } from '../../../domain/libraries/library.ts'
import type { JsWork } from '../../../domain/tasks/task-work.ts'
import { JarcastError } from '../../../errors.ts'
import type { HostOutcome } from '../../../machines/task-run/run-report.ts'
import type { InstalledSet } from '../../../domain/libraries/installed-set.ts'
import { describeEnd } from '../process/host.ts'
import type { HostCommand, HostEnd } from '../process/host.ts'
import { nodeHostFile } from './node-host-source.ts'
import { tooLarge, withResult } from '../process/result.ts'
import { encodeFrame } from '../warm/frames.ts'
import type { WarmCommand } from '../warm/warm-hosts.ts'
import type { TaskReply, WarmTask } from '../warm/warm-job.ts'
import { warmHostFile } from './warm-host-source.ts'

/** Maximum size of a reply without its result. */
const replyOverheadBytes = 64 * 1024
const maxReasonLength = 300

/** The command for a task. Errors: `TASK_INVALID` if no library is or contains the module. */
export async function nodeCommand(
  work: JsWork,
  libraries: readonly InstalledSet[],
  maxResultBytes: number,
): Promise<HostCommand> {
  const { folder, specifier } = await findModule(work.module, libraries)
  const file = join(folder, nodeHostFile)
  const { module, export: name, args = [] } = work
  return {
    file: ownProgram(),
    // Modules of archives may have been TypeScript.
    args: module.includes('/') ? ['--enable-source-maps', file] : [file],
    request: JSON.stringify({ module, specifier, export: name, args, maxResultBytes }),
    collect: 'reply',
    maxCollectedBytes: maxResultBytes + replyOverheadBytes,
    judge: (end) => judgeReply(end, maxResultBytes),
  }
}

/** A task for the warm host that `command` starts. Errors: `TASK_INVALID` as `nodeCommand`. */
export async function warmNodeTask(
  work: JsWork,
  libraries: readonly InstalledSet[],
  maxResultBytes: number,
): Promise<{ readonly command: WarmCommand; readonly task: WarmTask }> {
  const { folder, specifier } = await findModule(work.module, libraries)
  const { module, export: name, args = [] } = work
  const request = { module, specifier, export: name, args, maxResultBytes }
  const place = libraries[0]?.folder ?? ''
  const words = [ownProgram(), '--enable-source-maps', join(folder, warmHostFile)]
  return {
    command: {
      noun: 'Node.js',
      key: [...words, place].join('\0'),
      prepare: () => Promise.resolve(words),
      env: { [librariesVariable]: place },
    },
    task: {
      encode: (marker) =>
        encodeFrame(Buffer.from(JSON.stringify({ ...request, marker: marker.toString('hex') }))),
      // The result is JSON within JSON.
      maxReplyBytes: 2 * maxResultBytes + replyOverheadBytes,
      readReply,
      judge: (end) => judgeReply(end, maxResultBytes),
    },
  }
}

/** A function can write to descriptor 4, too, but does not know the marker. */
function readReply(text: string, asked: Buffer): TaskReply {
  const reply = parseJson(text)
  const { marker, reason, result } = isRecord(reply) ? reply : {}
  const isOfTask = marker === asked.toString('hex')
  if (isOfTask && typeof reason === 'string' && typeof result === 'string') {
    // It contains names that a task chooses.
    return { reason: reason.slice(0, maxReasonLength).replace(/\p{Cc}/gu, '?'), result }
  }
  throw new JarcastError('MESSAGE_INVALID', 'the host sent an invalid reply')
}

/**
 * The Node.js of this process. A shipped one is a file of the sandbox, which a task may replace:
 * the kernel still has the one that runs.
 */
function ownProgram(): string {
  return process.execPath.startsWith(process.cwd()) ? `/proc/${process.pid}/exe` : process.execPath
}

/**
 * Finds a module: a file of a library, a file in an archive (`NAME/path`), or a package in the
 * first set that has it.
 */
async function findModule(
  module: string,
  libraries: readonly InstalledSet[],
): Promise<{ readonly folder: string; readonly specifier: string }> {
  for (const { folder } of libraries) {
    const path = join(folder, module)
    if (isSafePath(module) && (await exists(path))) {
      return { folder, specifier: pathToFileURL(path).href }
    }
  }
  for (const { folder } of libraries) {
    if (await exists(join(folder, 'node_modules', packageName(module)))) {
      return { folder, specifier: module }
    }
  }
  throw new JarcastError('TASK_INVALID', `the libraries of the task contain no module ${module}`)
}

/** True for a path that stays in its folder, and outside of the packages. */
function isSafePath(path: string): boolean {
  const names = path.split('/')
  return names.every(isSafeFileName) && names[0] !== 'node_modules'
}

/** The package of a specifier, which is `name/sub/path` or `@scope/name/sub/path`. */
function packageName(specifier: string): string {
  const parts = specifier.split('/')
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}

function judgeReply(end: HostEnd, maxResultBytes: number): HostOutcome {
  const { message, report } = describeEnd(end)
  const reply = parseJson(end.collected)
  if (isRecord(reply) && 'result' in reply) {
    return withResult('the function returned', report, reply['result'] as Json, maxResultBytes)
  }
  if (isRecord(reply) && 'code' in reply) {
    if (reply['code'] === 'RESULT_TOO_LARGE') return tooLarge(report, maxResultBytes)
    return failed(String(reply['message']))
  }
  // Only a killed host leaves a part of a reply.
  const isForged = end.overflowed || (end.collected !== '' && end.signal === undefined)
  if (isForged) return failed('the task wrote to file descriptor 4, which is reserved for jarcast')
  return failed(`node ${message} before the function returned`)

  function failed(why: string): HostOutcome {
    return { ok: false, message: why, report: { ...report, code: 'TASK_FAILED' } }
  }
}
