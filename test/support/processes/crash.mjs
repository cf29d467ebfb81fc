/**
 * Kills this process with SIGKILL at an exact point of its journal, from outside of the code under test:
 *   node --import ./crash.mjs …   with CRASH=append:K or CRASH=perform:K
 * `append`: when entry K is on the disk and nothing has heard of it yet. `perform`: when what entry K asked for has
 * been done, which is when Mesos has answered a call, or the next entry is about to be written.
 */
import { open } from 'node:fs/promises'
import http from 'node:http'
import { syncBuiltinESMExports } from 'node:module'

const [mode, seq] = (process.env.CRASH ?? 'never:0').split(':')
const isEntry = new RegExp(String.raw`"seq":(\d+),"now"`, 'g')
let written = 0
let isArmed = false

const die = () => process.kill(process.pid, 'SIGKILL')

const probe = await open(process.execPath)
const FileHandle = Object.getPrototypeOf(probe)
await probe.close()
const { write, writev, datasync } = FileHandle

function watchWrites(original) {
  return function (data, ...rest) {
    const text = Array.isArray(data) ? Buffer.concat(data).toString() : String(data)
    for (const [, found] of text.matchAll(isEntry)) written = Math.max(written, Number(found))
    if (isArmed) die()
    return original.call(this, data, ...rest)
  }
}

if (mode !== 'never') {
  FileHandle.write = watchWrites(write)
  FileHandle.writev = watchWrites(writev)
  FileHandle.datasync = async function () {
    await datasync.call(this)
    if (written < Number(seq)) return
    if (mode === 'append') die()
    isArmed = true
  }
  const { request } = http
  http.request = (...args) => {
    const req = request(...args)
    req.once('response', () => {
      if (isArmed) die()
    })
    return req
  }
  syncBuiltinESMExports()
}
