/** Remembers permissions that were right, so that a MAC is computed once, not per request. */
export interface Verified<Permission> {
  find(text: string): Permission | undefined
  add(text: string, permission: Permission): void
}

/** About 2 MB when full. Only clients with a key can fill it: wrong MACs are not added. */
const maxTexts = 4096

/**
 * Keeps the last 4,096. A text contains the MAC and all that it is made of. A lookup compares
 * hashes with a random seed first, so its time says nothing about a similar MAC.
 */
export function createVerified<Permission>(): Verified<Permission> {
  // Oldest first.
  const permissions = new Map<string, Permission>()
  return {
    find: (text) => permissions.get(text),
    add(text, permission) {
      permissions.set(text, permission)
      const [oldest = text] = permissions.keys()
      if (permissions.size > maxTexts) permissions.delete(oldest)
    },
  }
}
