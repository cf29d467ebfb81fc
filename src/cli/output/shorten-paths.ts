/**
 * Where Mesos puts the sandbox of an executor, below the agent's work directory. The length is
 * bounded, since a task may write what it likes.
 */
const sandbox =
  /(?:file:\/\/)?\/[^\s:()]{0,512}?\/slaves\/[^\s/]{1,255}\/frameworks\/[^\s/]{1,255}\/executors\/[^\s/]{1,255}\/runs\/[^\s/]{1,64}(?=[/\s)])/g
const digest = /\b([0-9a-f]{8})[0-9a-f]{56}\b/g

/** The paths of sandboxes begin with `$MESOS_SANDBOX`, and digests are cut: for people, who read them. */
export function shortenPaths(text: string): string {
  return text.replaceAll(sandbox, () => '$MESOS_SANDBOX').replaceAll(digest, '$1…')
}
