/** Environment variables through which programs of a task find its libraries. */

/** The jars of the task's sets, in class-path order, joined by colons. For commands. */
export const classPathVariable = 'JARCAST_CLASSPATH'

/** The folder with all files of the task's own set, also those that are no jars. */
export const librariesVariable = 'JARCAST_LIBRARIES'
