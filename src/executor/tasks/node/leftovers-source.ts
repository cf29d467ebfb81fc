import { fixedValuesSource } from './fixed-values-source.ts'
import { loadedModulesSource } from './loaded-modules-source.ts'
import { openHandlesSource } from './open-handles-source.ts'

/**
 * Part of the module that a warm Node host runs: finds what a task leaves in the process. Plain
 * values are restored. Everything else ends the host with its task, as the end of a process for one
 * task would: timers stop, files and sockets are closed, and the next task finds none of it.
 *
 * What a module does while it is loaded belongs to the host, as the module itself: `record` marks it.
 */
export const leftoversSource = `import { readdirSync, readlinkSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const patienceMs = 25
const growthBytes = 128 * 1024 * 1024
/** A reason has names that a task chooses. */
const maxReasonLength = 300
const require = createRequire(import.meta.url)
class Leftovers {
  #known
  #values
  #modules = 0
  #unreferenced = []
  #maxUnreferenced = 1000
  #rejection
  #firstBytes = 0
  #gc

  constructor() {
    for (const name of patched) require(name)
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
    this.#followUnref(clearing(setTimeout(() => {}, 0)))
    this.#followUnref(clearing(setImmediate(() => {})))
    this.#followUnref(new (require('child_process').ChildProcess)())
    this.record()
  }

  /** What is there now is not of a task: a module was loaded. */
  record() {
    this.#known = {
      fixed: fixedValues(),
      names: namesOf(),
      files: filesOf(),
      listeners: listenersOf(),
      resources: resourcesOf(),
    }
    this.#modules = countModules()
  }

  /** A task begins. */
  begin() {
    this.#values = valuesOf()
    this.#modules = countModules()
    this.#unreferenced = []
    this.#rejection = undefined
    process.off('unhandledRejection', this.#noteRejection)
  }

  /** The task is over: restores values. Resolves to the reason why the host ends, or to ''. */
  async end() {
    try {
      return (await this.#end()).slice(0, maxReasonLength)
    } catch {
      // It has broken what this code needs.
      return 'what it left cannot be seen'
    }
  }

  async #end() {
    process.on('unhandledRejection', this.#noteRejection)
    let left = await this.#find()
    const deadline = performance.now() + patienceMs
    while (left !== '' && performance.now() < deadline) {
      await new Promise((resolve) => wait(resolve, 1))
      left = await this.#find()
    }
    process.off('unhandledRejection', this.#noteRejection)
    return left === '' ? this.#restore() : left
  }

  #noteRejection = () => {
    this.#rejection = 'a promise of it was rejected without a handler'
  }

  async #find() {
    // Rejections and handles that close are noted in the meantime.
    await new Promise((resolve) => immediate(resolve))
    const { names, files, listeners, resources } = this.#known
    return (
      this.#rejection ??
      findResource(resources) ??
      (this.#unreferenced.some(isAlive)
        ? 'it left an unreferenced timer or child process'
        : undefined) ??
      findFile(files) ??
      findListener(listeners) ??
      findName(names) ??
      findChange(this.#known.fixed) ??
      this.#findGrowth() ??
      ''
    )
  }

  #restore() {
    const { env, cwd, umask, title, exitCode } = this.#values
    const now = valuesOf()
    const changed =
      Object.keys(now.env).length !== Object.keys(env).length ||
      Object.entries(env).some(([name, value]) => now.env[name] !== value)
    // A module that is loaded once may have set them: the next task would miss that.
    const hasLoaded = countModules() !== this.#modules
    if (changed && hasLoaded) return 'it loaded modules and changed environment variables'
    if (now.cwd !== cwd && hasLoaded) return 'it loaded modules and changed the working folder'
    if (changed) {
      for (const name of Object.keys(now.env)) if (!(name in env)) delete process.env[name]
      for (const [name, value] of Object.entries(env))
        if (now.env[name] !== value) process.env[name] = value
    }
    if (now.cwd !== cwd) process.chdir(cwd)
    if (now.umask !== umask) process.umask(umask)
    if (now.title !== title) process.title = title
    process.exitCode = exitCode
    return ''
  }

  #findGrowth() {
    const used = usedBytes()
    if (this.#firstBytes === 0) this.#firstBytes = used
    if (!this.#hasGrown(used)) return undefined
    // Most of it may be garbage.
    if (this.#gc === undefined) {
      setFlagsFromString('--expose-gc')
      this.#gc = runInNewContext('gc')
      setFlagsFromString('--no-expose-gc')
    }
    this.#gc()
    const left = usedBytes()
    if (!this.#hasGrown(left)) return undefined
    const [before, after] = [this.#firstBytes, left].map((bytes) =>
      Math.round(bytes / 1024 / 1024),
    )
    return \`it has grown from \${before} to \${after} MB\`
  }

  #hasGrown(bytes) {
    return (
      bytes > this.#firstBytes * 1.5 + growthBytes ||
      bytes > getHeapStatistics().heap_size_limit / 2
    )
  }

  /** Notes the objects of this kind that a task unreferences: nothing lists them. */
  #followUnref(example) {
    const prototype = Object.getPrototypeOf(example)
    const { unref } = prototype
    const note = (object) => this.#noteUnreferenced(object)
    prototype.unref = function () {
      note(this)
      return Reflect.apply(unref, this, [])
    }
  }

  /** Forgets those that are over, now and then: a task may make any number. */
  #noteUnreferenced(object) {
    this.#unreferenced.push(object)
    if (this.#unreferenced.length < this.#maxUnreferenced) return
    this.#unreferenced = this.#unreferenced.filter(isAlive)
    this.#maxUnreferenced = 1000 + 2 * this.#unreferenced.length
  }
}

/** True for a timer that may still fire, and for a child process that runs. */
function isAlive({ _destroyed, exitCode, signalCode }) {
  return _destroyed === false || (exitCode === null && signalCode === null)
}

// As they are before a task can replace them.
const wait = setTimeout
const immediate = setImmediate

function clearing(timer) {
  if (timer.constructor.name === 'Timeout') clearTimeout(timer)
  else clearImmediate(timer)
  return timer
}

function valuesOf() {
  return {
    env: { ...process.env },
    cwd: process.cwd(),
    umask: process.umask(),
    title: process.title,
    exitCode: process.exitCode,
  }
}

function usedBytes() {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics()
  return heap + external
}

${loadedModulesSource}
${openHandlesSource}
${fixedValuesSource}`
