/**
 * Part of the leftovers of a warm Node host: finds changes of globals, and of the objects of Node
 * and JavaScript.
 */
export const fixedValuesSource = `/** Modules of Node that tasks may change: loaded now, so that each has a state before the first. */
const patched = (
  'assert async_hooks buffer child_process console crypto dgram dns events fs fs/promises http https ' +
  'module net os path process stream timers tls url util v8 vm worker_threads zlib'
).split(' ')

function namesOf() {
  return new Set(Reflect.ownKeys(globalThis))
}

function findName(known) {
  const keys = Reflect.ownKeys(globalThis)
  for (const key of keys) if (!known.has(key)) return \`it has set the global \${String(key)}\`
  return keys.length < known.size ? 'it has deleted a global' : undefined
}

/** Objects of Node and JavaScript with their keys and values: no task may change them. */
function fixedValues() {
  const objects = new Set()
  const add = (value) => {
    // Of functions that are no classes, only the place that holds them matters.
    if (
      typeof value !== 'function' ||
      Object.keys(Object.getOwnPropertyDescriptors(value.prototype ?? {})).length < 2
    )
      return
    objects.add(value)
    objects.add(value.prototype)
  }
  for (const object of [globalThis, ...patched.map((name) => require(name))]) {
    objects.add(object)
    for (const { value } of Object.values(Object.getOwnPropertyDescriptors(object))) add(value)
  }
  for (const object of [
    [].values(),
    (function* () {})(),
    (async () => {})(),
    new Map().values(),
    process.stdout,
  ])
    objects.add(Object.getPrototypeOf(object))
  for (const object of [Math, JSON, Reflect, Atomics, Intl, console, require('fs').promises])
    objects.add(object)
  return [...Array.from(objects, fixedOf), ...outputs(), ...settings()]
}

function some(object, ...keys) {
  return { object, places: keys.map((key) => ({ key, value: object[key] })), accessors: [] }
}

/** Of the outputs, only what writes: Node itself changes the rest. */
function outputs() {
  const methods = ['write', 'end', '_write', '_writev']
  const { stdout, stderr } = process
  return [some(process, 'stdout', 'stderr'), some(stdout, ...methods), some(stderr, ...methods)]
}

/** Accessors that hold what was last assigned to them: they stay, and their values change. */
function settings() {
  const events = require('events')
  return [
    some(globalThis, 'process', 'Buffer'),
    some(require('buffer'), 'INSPECT_MAX_BYTES'),
    some(events, 'defaultMaxListeners', 'captureRejections'),
    some(require('fs'), 'ReadStream', 'WriteStream', 'FileReadStream', 'FileWriteStream'),
    some(require('http'), 'globalAgent'),
    some(require('module'), 'wrap'),
    fixedOf(require('util').inspect.defaultOptions),
  ]
}

/** Node itself changes these. */
const livePlaces = new Set([
  'exitCode',
  'title',
  '_exiting',
  '_events',
  '_eventsCount',
  '_maxListeners',
  'domain',
])

function fixedOf(object) {
  const places = []
  const accessors = []
  for (const [key, { value, get, set }] of entriesOf(object)) {
    if (livePlaces.has(key)) continue
    if (get === undefined && set === undefined) places.push({ key, value })
    else accessors.push({ key, get, set })
  }
  // Node adds properties to these later.
  const isOpen = object === globalThis || object === process
  return { object, count: isOpen ? undefined : Reflect.ownKeys(object).length, places, accessors }
}

function entriesOf(object) {
  return Reflect.ownKeys(object).map((key) => [
    key,
    Object.getOwnPropertyDescriptor(object, key),
  ])
}

function findChange(fixed) {
  for (const { object, places, accessors } of fixed) {
    for (const { key, value } of places) {
      if (!Object.is(object[key], value))
        return \`it changed \${String(key)} of \${nameOf(object)}\`
    }
    for (const accessor of accessors) {
      if (!isSame(object, accessor))
        return \`it changed \${String(accessor.key)} of \${nameOf(object)}\`
    }
  }
  for (const { object, count } of fixed) {
    if (count !== undefined && Reflect.ownKeys(object).length !== count)
      return \`it changed the properties of \${nameOf(object)}\`
  }
  return undefined
}

/** Some accessors of Node replace themselves by their value when they are first read: no change. */
function isSame(object, { key, get, set }) {
  const now = Object.getOwnPropertyDescriptor(object, key)
  if (now === undefined) return false
  if (now.get === get && now.set === set) return true
  if (get === undefined || !('value' in now)) return false
  if (Object.is(now.value, Reflect.apply(get, object, []))) return true
  // Reading has put the value of Node there.
  Object.defineProperty(object, key, now)
  return false
}

function nameOf(object) {
  if (object === globalThis) return 'the globals'
  return object.name ?? object.constructor?.name ?? 'a module of Node'
}
`
