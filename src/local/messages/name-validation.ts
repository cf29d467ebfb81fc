/**
 * Why Mesos refuses ids and names of roles, in its words.
 * Source: apache/mesos src/common/roles.cpp, src/common/validation.cpp.
 */

/** Why Mesos refuses an id (task, executor, framework); undefined if it is valid. */
export function findIdError(id: string): string | undefined {
  if (id === '') return 'ID must not be empty'
  if (Buffer.byteLength(id) > 255) return 'ID must not be greater than 255 characters'
  if (id === '.' || id === '..') return `'${id}' is disallowed`
  // oxlint-disable-next-line no-control-regex -- refuses control characters
  if (/[\u0000-\u001f\u007f/\\]/u.test(id)) return `'${id}' contains invalid characters`
  return undefined
}

/** Why Mesos refuses a role's name; undefined if it is valid. */
export function findRoleError(role: string): string | undefined {
  if (role === '*') return undefined
  if (role.startsWith('/')) return `Role '${role}' cannot start with a slash`
  if (role.endsWith('/')) return `Role '${role}' cannot end with a slash`
  if (role.includes('//')) return `Role '${role}' cannot contain two adjacent slashes`
  if (role === '') return 'Role names cannot be the empty string'
  for (const component of role.split('/')) {
    const error = findComponentError(role, component)
    if (error !== undefined) return error
  }
  return undefined
}

function findComponentError(role: string, component: string): string | undefined {
  if (component === '.' || component === '..' || component === '*') {
    return `Role '${role}' cannot include '${component}' as a component`
  }
  if (component.startsWith('-')) {
    return `Role component '${component}' is invalid because it starts with a dash`
  }
  // oxlint-disable-next-line no-control-regex -- the characters that Mesos forbids
  if (/[\t\n\u000b\u000c\r \u007f]/u.test(component)) {
    return `Role component '${component}' is invalid because it contains backspace or whitespace`
  }
  return undefined
}
