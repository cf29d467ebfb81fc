/**
 * Part of the leftovers of a warm Node host: finds what is unfinished or open, and new listeners of
 * the process.
 */
export const openHandlesSource = `function resourcesOf() {
  const counts = new Map()
  for (const type of process.getActiveResourcesInfo())
    counts.set(type, (counts.get(type) ?? 0) + 1)
  return counts
}

function findResource(known) {
  for (const [type, count] of resourcesOf()) {
    if (count <= (known.get(type) ?? 0)) continue
    return type === 'Timeout' || type === 'Immediate'
      ? 'it left a timer'
      : \`it left something unfinished (\${type})\`
  }
  return undefined
}

function filesOf() {
  return new Map(readdirSync('/proc/self/fd').map((number) => [number, targetOf(number)]))
}

function targetOf(number) {
  try {
    return readlinkSync(\`/proc/self/fd/\${number}\`)
  } catch {
    // The descriptor of the folder itself.
    return undefined
  }
}

function findFile(known) {
  const now = readdirSync('/proc/self/fd')
  for (const number of now) {
    const target = known.get(number) ?? targetOf(number)
    if (
      target === undefined ||
      (known.get(number) !== undefined && (number > 2 || targetOf(number) === target))
    )
      continue
    if (known.has(number) && known.get(number) !== undefined)
      return \`it replaced descriptor \${number}\`
    return \`it left \${target.startsWith('socket:') ? 'a socket' : target} open\`
  }
  for (const [number, target] of known) {
    if (target !== undefined && !now.includes(number)) return \`it closed descriptor \${number}\`
  }
  return undefined
}

function listenersOf() {
  return new Map(process.eventNames().map((name) => [name, process.rawListeners(name)]))
}

function findListener(known) {
  const now = listenersOf()
  for (const name of new Set([...known.keys(), ...now.keys()])) {
    if (name === 'unhandledRejection') continue
    const [before, after] = [known.get(name) ?? [], now.get(name) ?? []]
    if (
      before.length === after.length &&
      before.every((listener, index) => listener === after[index])
    )
      continue
    return \`it changed what listens for \${String(name)} of the process\`
  }
  return process.hasUncaughtExceptionCaptureCallback()
    ? 'it captures uncaught exceptions'
    : undefined
}
`
