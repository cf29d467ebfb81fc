/** Shell text that checks the SHA-256 of files from Mesos' fetcher before they run. */
import { quoteWord } from '../quote-word.ts'

/** A file that the fetcher puts into the sandbox. */
export interface FetchedFile {
  /** Path relative to the sandbox. */
  readonly path: string
  /** 64 lower-case hex digits. */
  readonly sha256: string
}

/**
 * Exit status of a command with a file whose SHA-256 is wrong; stderr in the sandbox says which.
 */
export const rejectedExitStatus = 93
/** Exit status of a command that cannot compute a SHA-256: no program for it is installed. */
export const uncheckedExitStatus = 92

/**
 * Shell text that exits with `rejectedExitStatus` unless all files have their digest, and with
 * `uncheckedExitStatus` without sha256sum, shasum, openssl and `node`. Copies `programs` to where
 * no other user can write, checks the copies and runs them; checks `libraries` in place.
 */
export function checkFiles(
  { programs = [], libraries = [] }: Readonly<Partial<Record<FileUse, readonly FetchedFile[]>>>,
  node = 'node',
): string {
  const checks = [
    ...programs.map((file) => `own ${wordsOf(file)}`),
    ...libraries.map((file) => `check ${wordsOf(file)}`),
  ]
  return `(\n${functionsOf(node)}\n${checks.join('\n')}\n) || exit $?\n`
}

type FileUse = 'programs' | 'libraries'

function wordsOf({ path, sha256 }: FetchedFile): string {
  // Keeps a name that starts with a dash from being read as an option.
  return `${quoteWord(`./${path}`)} ${sha256}`
}

/** Defines `digest`, which prints the SHA-256 of its input, and more after a space. */
export function digestFunction(node: string): string {
  const script =
    'process.stdout.write(require("crypto").createHash("sha256").update(require("fs").readFileSync(0)).digest("hex"))'
  return `has() { command -v "$1" >/dev/null 2>&1; }
digest() {
if has sha256sum; then sha256sum
elif has shasum; then shasum -a 256
elif has openssl; then openssl dgst -sha256 -r
else ${node} -e '${script}'
fi
}`
}

/** In a subshell, so that the next command has neither these functions nor the umask. */
function functionsOf(node: string): string {
  return `${digestFunction(node)}
has sha256sum || has shasum || has openssl || has ${node} || {
echo "jarcast: nothing is run: its SHA-256 cannot be computed, since none of sha256sum, shasum, openssl and node is on the PATH ($PATH); install one in the agent's image." >&2
exit ${uncheckedExitStatus}
}
check() {
found=$(digest <"$1")
found=\${found%% *}
[ "$found" = "$2" ] && return
echo "jarcast: $1 is not run: its SHA-256 is \${found:-unknown}, and $2 was shipped. Is another server at the address in this log, or a damaged file in the agent's fetcher cache?" >&2
exit ${rejectedExitStatus}
}
own() {
umask 077
cp "$1" "$1.own" && check "$1.own" "$2" && mv -f "$1.own" "$1" || exit ${rejectedExitStatus}
}`
}
