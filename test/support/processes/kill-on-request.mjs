/** Kills this process with SIGKILL when its first HTTP server gets its first request: node --import ./kill-on-request.mjs … */
import http from 'node:http'

const { emit } = http.Server.prototype

http.Server.prototype.emit = function (name, ...args) {
  if (name === 'request') process.kill(process.pid, 'SIGKILL')
  return emit.call(this, name, ...args)
}
