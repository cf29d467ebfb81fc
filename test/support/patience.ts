/**
 * How long a test may take before that counts as a hang; no test has a limit of its own. On a machine under load, or a
 * slow one, everything takes ten or twenty times as long, and that is no failure.
 */
export const patienceMs = 10 * 60_000

/** The same for one fact that a test waits for: it ends before its test does, and says what was awaited. */
export const waitMs = 4 * 60_000
