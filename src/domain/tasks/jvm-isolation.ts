/** How a JVM task is isolated from other tasks. */

/**
 * `process` (default): a JVM for this task alone. The others run in a warm JVM, one task at a time.
 * `shared`: on the class path of a JVM that is kept for tasks of the same library set.
 * `child-first`: in a class loader of its own that searches the jars of the set first.
 */
export type JvmIsolation = 'process' | 'shared' | 'child-first'

export const jvmIsolations: readonly JvmIsolation[] = ['process', 'shared', 'child-first']

/**
 * Prefixes of classes that come from the JVM even with `child-first`: both sides must use the same
 * class. As Flink's `classloader.parent-first-patterns.default`, for the classes of the JVM.
 */
export const jvmParentFirst: readonly string[] = [
  'java.',
  'javax.',
  'jdk.',
  'sun.',
  'com.sun.',
  'org.xml.sax.',
  'org.w3c.dom.',
  'org.ietf.jgss.',
]
