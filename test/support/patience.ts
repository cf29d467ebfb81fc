/**
 * How long a test waits for a fact before that counts as a hang; no test has a limit of its own. On a machine under load,
 * or a slow one, everything takes ten or twenty times as long, and that is no failure.
 */
export const patienceMs = 20 * 60_000
