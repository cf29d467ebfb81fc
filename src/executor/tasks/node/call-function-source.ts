/** Longer reasons are cut: a reply without a result must stay small. */
const maxReasonLength = 4096

/** Part of the modules that Node hosts run: finds an exported function, and calls it. */
export const callFunctionSource = `import { inspect } from 'node:util'

class Refusal extends Error {
  constructor(message, code = 'TASK_FAILED') {
    super(message)
    this.code = code
  }
}

async function loadFunction(work) {
  const module = await import(work.specifier)
  const found = findFunction(module, work.export)
  if (found === undefined || isClass(found.target)) throw noFunction(work, module, found)
  return found
}

async function callFunction({ target, holder }, work) {
  // As a method: functions of an object may call each other through \`this\`.
  const value = (await Reflect.apply(target, holder, work.args)) ?? null
  const json = toJson(value)
  if (Buffer.byteLength(json) > work.maxResultBytes) {
    throw new Refusal(\`the result has more than \${work.maxResultBytes} bytes\`, 'RESULT_TOO_LARGE')
  }
  return JSON.parse(json)
}

function describeFailure(error) {
  // Without the stack of a refusal, which shows only this module.
  console.error(error instanceof Refusal ? error.message : error)
  const code = error instanceof Refusal ? error.code : 'TASK_FAILED'
  return { code, message: withRemedy(error).slice(0, ${maxReasonLength}) }
}

// Searches the exports of the module, then its default export: \`module.exports\` of CommonJS, an
// object, or a class with static methods. In a compiled module, \`default\` has a \`default\`, too.
function findFunction(module, name) {
  for (const holder of holdersOf(module)) {
    const target = holder[name]
    if (typeof target === 'function' && !isOfEverything(target, name)) return { holder, target }
  }
  return undefined
}

function holdersOf(module) {
  const holders = [module]
  let inner = module.default
  while (holders.length < 4 && inner !== null && /^(?:object|function)$/.test(typeof inner)) {
    holders.push(inner)
    inner = inner.default
  }
  return holders
}

// Properties of every object or function do not count as exports.
function isOfEverything(target, name) {
  const { [name]: ofObjects } = Object.prototype
  return target === ofObjects || target === Function.prototype[name]
}

function isClass(target) {
  return /^class\\b/.test(Function.prototype.toString.call(target))
}

function noFunction(work, module, found) {
  if (found !== undefined) {
    const remedy = 'name a function, or one of its static methods by a default export'
    return new Refusal(\`\${work.module} exports \${work.export}, which is a class: \${remedy}\`)
  }
  const names = holdersOf(module).flatMap((holder) => Object.keys(holder))
  const exports = [...new Set(names)].slice(0, 100).join(', ') || 'nothing'
  return new Refusal(\`\${work.module} exports no function \${work.export}; it exports \${exports}\`)
}

function toJson(value) {
  let json
  try {
    json = JSON.stringify(value)
  } catch (error) {
    throw new Refusal(\`the result is not JSON: \${reasonOf(error).split('\\n')[0]}\`)
  }
  if (json === undefined) throw new Refusal(\`the result is not JSON: it is a \${typeof value}\`)
  return json
}

// What is imported by a computed name is known only now.
function withRemedy(error) {
  const reason = reasonOf(error)
  if (!/^(?:ERR_)?MODULE_NOT_FOUND$/.test(error?.code)) return reason
  const [first, ...rest] = reason.split('\\n')
  return [\`\${first}; it did not travel with the module: give it as a library (--lib)\`, ...rest].join('\\n')
}

function reasonOf(error) {
  const message = error?.message ?? error
  if (typeof message === 'string' && message.trim() !== '') return message
  return error instanceof Error && error.name !== '' ? String(error.name) : inspect(error)
}
`
