/** What the generators of readers and writers share. */

export const header = '// Written by scripts/gen-mesos.mjs from src/mesos/proto; do not edit.\n'

export function isEnum({ kind }) {
  return kind === 'enum'
}

export function mostOf(kind) {
  if (kind === 'int32') return '2_147_483_647'
  return kind === 'uint32' ? '4_294_967_295' : 'Number.MAX_SAFE_INTEGER'
}

export function tagOf({ id, kind }) {
  const wireType = kind === 'double' ? 1 : ['message', 'string', 'bytes'].includes(kind) ? 2 : 0
  return (id << 3) | wireType
}

/** `readTaskStatus` is `taskStatus`. */
export function uncapitalized(name) {
  const bare = name.replace(/^(read|of)/, '')
  return bare.charAt(0).toLowerCase() + bare.slice(1)
}
