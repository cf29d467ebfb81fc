/** How a JVM task is kept apart from others. */

/**
 * `process` (default): a JVM of its own. The others run in a warm JVM, one task at a time. `shared`: on the class path of a JVM
 * that is kept for tasks of the same library set. `child-first`: under a loader of its own that looks into the set's jars first.
 */
export type JvmIsolation = 'process' | 'shared' | 'child-first'

export const jvmIsolations: readonly JvmIsolation[] = ['process', 'shared', 'child-first']

/**
 * Names that begin so are the JVM's even with `child-first`: there can be only one of them, or both sides would have to agree
 * on them. As Flink's `classloader.parent-first-patterns.default`, for what a JVM brings along.
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
