import { callFunctionSource } from './call-function-source.ts'
import { leftoversSource } from './leftovers-source.ts'

/** Name of the warm host's module in the folder of a set. */
export const warmHostFile = '.jarcast-warm-host.mjs'

/**
 * The module that a warm Node host runs, in the folder of the libraries as that of a host for one
 * task. Requests and replies travel on descriptor 4, see warm/frames.ts: a request is JSON with the
 * work and the marker of its output, in hex; the text of a reply is JSON with that marker, the reason
 * why the host ends, and the result.
 */
export const warmHostSource = `import { Socket } from 'node:net'
${callFunctionSource}
${leftoversSource}
const channel = new Socket({ fd: 4, readable: true, writable: true })
// As they are before a module or a task can replace them.
const { exit } = process
const writes = [process.stdout, process.stderr].map((output) => output.write.bind(output))
const leftovers = new Leftovers()
const loaded = new Set()
let pending = Buffer.alloc(0)
// The executor is gone, or ends this host.
channel.on('end', () => exit(0)).on('error', () => exit(0))
channel.on('data', (bytes) => {
  pending = Buffer.concat([pending, bytes])
  if (pending.length < 4 || pending.length < 4 + pending.readInt32BE(0)) return
  const body = pending.subarray(4, 4 + pending.readInt32BE(0))
  pending = Buffer.alloc(0)
  void perform(JSON.parse(body.toString()))
})
// Knows the channel.
leftovers.record()
send(0, { reason: '' })

async function perform({ marker, ...work }) {
  const { reply, reason: left } = await run(work)
  const reason = left === '' ? await endOutputs(Buffer.from(marker, 'hex')) : left
  const status = 'code' in reply ? 1 : 0
  const onSent = reason === '' ? undefined : () => exit(status)
  send(status, { marker, reason, result: JSON.stringify(reply) }, onSent)
}

// Resolves to the reason why the host ends, or to ''.
async function endOutputs(marker) {
  const errors = await Promise.all(
    writes.map((write) => new Promise((resolve) => write(marker, resolve))),
  )
  return errors.some((error) => error instanceof Error) ? 'it closed its output' : ''
}

async function run(work) {
  let found
  try {
    found = await loadFunction(work)
  } catch (error) {
    // A module that failed once fails for ever.
    const reason = error instanceof Refusal ? '' : 'its module could not be loaded'
    return { reply: describeFailure(error), reason }
  }
  if (!loaded.has(work.specifier)) leftovers.record()
  loaded.add(work.specifier)
  leftovers.begin()
  const reply = await callFunction(found, work).then((result) => ({ result }), describeFailure)
  return { reply, reason: await leftovers.end() }
}

function send(status, content, onSent) {
  const text = Buffer.from(JSON.stringify(content))
  const head = Buffer.alloc(8)
  head.writeInt32BE(4 + text.length)
  head.writeInt32BE(status, 4)
  channel.write(Buffer.concat([head, text]), onSent)
}
`
