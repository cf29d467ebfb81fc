/** Node task hosts: one `node` per task, which calls an exported function of a shipped module. */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isRecord, parseJson } from '../../../domain/json.ts'
import type { Json } from '../../../domain/json.ts'
import { isSafeFileName } from '../../../domain/libraries/library.ts'
import type { JsWork } from '../../../domain/tasks/task-work.ts'
import { JarcastError } from '../../../errors.ts'
import type { HostOutcome } from '../../../machines/task-run/run-report.ts'
import type { InstalledSet } from '../../../domain/libraries/installed-set.ts'
import { describeEnd } from '../process/host.ts'
import type { HostCommand, HostEnd } from '../process/host.ts'
import { nodeHostFile } from './node-host-source.ts'
import { tooLarge, withResult } from '../process/result.ts'

/** Beside the result itself, a reply holds a reason of bounded length. */
const replyOverheadBytes = 64 * 1024

/** Errors: `TASK_INVALID` when none of the task's libraries is or has the module. */
export async function nodeCommand(
  work: JsWork,
  libraries: readonly InstalledSet[],
  maxResultBytes: number,
): Promise<HostCommand> {
  const { folder, specifier } = await findModule(work.module, libraries)
  const file = join(folder, nodeHostFile)
  const { module, export: name, args = [] } = work
  return {
    file: process.execPath,
    args: [file],
    request: JSON.stringify({ module, specifier, export: name, args, maxResultBytes }),
    collect: 'reply',
    maxCollectedBytes: maxResultBytes + replyOverheadBytes,
    judge: (end) => judgeReply(end, maxResultBytes),
  }
}

/** A module is a file among the libraries, or what the first set with such a package resolves. */
async function findModule(
  module: string,
  libraries: readonly InstalledSet[],
): Promise<{ readonly folder: string; readonly specifier: string }> {
  for (const { folder } of libraries) {
    const path = join(folder, module)
    if (isSafeFileName(module) && (await exists(path))) {
      return { folder, specifier: pathToFileURL(path).href }
    }
  }
  for (const { folder } of libraries) {
    if (await exists(join(folder, 'node_modules', packageName(module)))) {
      return { folder, specifier: module }
    }
  }
  throw new JarcastError('TASK_INVALID', `the task's libraries hold no module ${module}`)
}

/** The package of a specifier: `name/sub/path` and `@scope/name/sub/path` end after the name. */
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
  // A host that is killed may leave half of a reply; otherwise its replies are whole, and within their bound.
  const isMeddledWith = end.overflowed || (end.collected !== '' && end.signal === undefined)
  if (isMeddledWith) return failed("the task wrote to descriptor 4, which is jarcast's")
  return failed(`node ${message} before the function returned`)

  function failed(why: string): HostOutcome {
    return { ok: false, message: why, report: { ...report, code: 'TASK_FAILED' } }
  }
}
