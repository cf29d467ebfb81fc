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
  return [...Array.from(objects, fixedOf), ...outputs()]
}

/** Of the outputs, only what writes: Node itself changes the rest. */
function outputs() {
  const some = (object, ...keys) => ({
    object,
    places: keys.map((key) => ({ key, value: object[key] })),
  })
  const methods = ['write', 'end', '_write', '_writev']
  const { stdout, stderr } = process
  return [some(process, 'stdout', 'stderr'), some(stdout, ...methods), some(stderr, ...methods)]
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
  for (const [key, { value, get }] of entriesOf(object))
    if (get === undefined && !livePlaces.has(key)) places.push({ key, value })
  // Node adds properties to these later.
  const isOpen = object === globalThis || object === process
  return { object, count: isOpen ? undefined : Reflect.ownKeys(object).length, places }
}

function entriesOf(object) {
  return Reflect.ownKeys(object).map((key) => [
    key,
    Object.getOwnPropertyDescriptor(object, key),
  ])
}

function findChange(fixed) {
  for (const { object, places } of fixed) {
    for (const { key, value } of places) {
      if (!Object.is(object[key], value))
        return \`it changed \${String(key)} of \${nameOf(object)}\`
    }
  }
  for (const { object, count } of fixed) {
    if (count !== undefined && Reflect.ownKeys(object).length !== count)
      return \`it changed the properties of \${nameOf(object)}\`
  }
  return undefined
}

function nameOf(object) {
  return object.name ?? object.constructor?.name ?? 'a module of Node'
}
`
