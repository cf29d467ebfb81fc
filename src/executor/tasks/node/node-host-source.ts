import { callFunctionSource } from './call-function-source.ts'

/** Name of the Node host's module in the folder of a set. */
export const nodeHostFile = '.jarcast-host.mjs'

/**
 * The module that a Node task host runs. It is in the folder of the libraries, so its imports
 * resolve there. It reads the work as JSON from file descriptor 4, and replies there, since
 * standard output belongs to the task.
 */
export const nodeHostSource = `import { once } from 'node:events'
import { Socket } from 'node:net'
${callFunctionSource}
const channel = new Socket({ fd: 4, readable: true, writable: true, allowHalfOpen: true })
let request = ''
// Not with for await: that would destroy the channel at its end, before the reply.
channel.setEncoding('utf8').on('data', (text) => (request += text))
await once(channel, 'end')
const work = JSON.parse(request)
const reply = await loadFunction(work)
  .then((found) => callFunction(found, work))
  .then((result) => ({ result }), describeFailure)
channel.end(JSON.stringify(reply), () => process.exit('code' in reply ? 1 : 0))
`
