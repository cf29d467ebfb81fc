/**
 * Where Mesos puts the sandbox of an executor, below the agent's work directory. The length is
 * bounded, since a task may write what it likes.
 */
const sandbox =
  /(?:file:\/\/)?\/[^\s:()]{0,512}?\/slaves\/[^\s/]{1,255}\/frameworks\/[^\s/]{1,255}\/executors\/[^\s/]{1,255}\/runs\/[^\s/]{1,64}(?=[/\s)])/g
const digest = /\b([0-9a-f]{8})[0-9a-f]{56}\b/g

/** For people: `$MESOS_SANDBOX` in place of the path of a sandbox, and the start of a digest. */
export function shortenPaths(text: string): string {
  return text.replaceAll(sandbox, () => '$MESOS_SANDBOX').replaceAll(digest, '$1…')
}
