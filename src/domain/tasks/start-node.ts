/**
 * Shell text that starts the executor's program with a Node.js: the agent's own, the one that its
 * host has from an earlier run, or the one that Mesos' fetcher brought. In POSIX shell, for hosts
 * with nothing but busybox.
 */
import { quoteWord } from '../quote-word.ts'
import {
  minimumNode,
  platforms,
  requestExitStatus,
  runtimeMissingExitStatus,
  runtimeUnusableExitStatus,
} from '../runtimes/platforms.ts'
import type { Platform } from '../runtimes/platforms.ts'
import { digestFunction, rejectedExitStatus } from './check-command.ts'

/** A Node.js that can be shipped. */
export interface NodeBuild {
  readonly platform: Platform
  /** Such as `24.22.3`. */
  readonly version: string
  /** SHA-256 of its program. */
  readonly sha256: string
  /** Path of the program in its archive, a gzipped tar file. */
  readonly member: string
}

export interface StartNodeOptions {
  /** Command that runs the agent's own Node.js. */
  readonly node: string
  /** False: only a shipped Node.js is used. */
  readonly usesOwn: boolean
  readonly builds: readonly NodeBuild[]
  /** The build in the sandbox, and the file name of its archive. */
  readonly brought?: { readonly platform: Platform; readonly archive: string }
}

/**
 * Starts `program`, a file in the sandbox. Without a Node.js it exits with `requestExitStatus` of
 * the host's platform, also if there is no build for it, or with `runtimeMissingExitStatus` if that
 * is unknown; with `runtimeUnusableExitStatus` if the shipped one does not start; with
 * `rejectedExitStatus` if it is another than the shipped one. stderr has the reason.
 */
export function startNode(program: string, options: StartNodeOptions): string {
  const { node, usesOwn, builds, brought } = options
  return `jarcast_node=$(
${digestFunction(node)}
${functions}
${usesOwn ? `fits ${node} && echo own && exit` : ''}
platform=$(find_platform)
case $platform in
${builds.map((build) => takeCase(build, brought)).join('\n')}
esac
tried=${quoteWord(usesOwn ? node : 'none')}
echo "jarcast: this host ($(uname -sm), \${platform:-unknown to jarcast}) has no Node.js ${needed} or newer (tried: $tried; PATH $PATH), and none is shipped to it; install one, or ship one with --runtime node=ARCHIVE." >&2
case $platform in
${platforms.map((platform) => `${platform}) exit ${requestExitStatus(platform)} ;;`).join('\n')}
esac
exit ${runtimeMissingExitStatus}
) || exit $?
case $jarcast_node in
own) exec ${node} ${quoteWord(program)} ;;
*) exec "$jarcast_node" ${quoteWord(program)} ;;
esac`
}

const needed = `${minimumNode.major}.${minimumNode.minor}`

function takeCase(
  { platform, version, sha256, member }: NodeBuild,
  brought: StartNodeOptions['brought'],
): string {
  const isHere = brought?.platform === platform
  const unpack = isHere
    ? `unpack ${quoteWord(`./${brought.archive}`)} ${quoteWord(member)} ${sha256}`
    : `exit ${requestExitStatus(platform)}`
  return `${platform})
take ${sha256} || ${unpack}
start ${version}
exit ;;`
}

/**
 * A shipped Node.js is unpacked once per host, into the folder of the host cache, and copied to
 * each sandbox. The copy is checked: tasks of other executors may write to the folder. It is
 * published by rename, so no executor sees a part of it.
 */
const functions = `fits() {
version=$("$@" --version) || return
version=\${version#v} major=\${version%%.*} version=\${version#*.} minor=\${version%%.*}
[ "$major" -gt ${minimumNode.major} ] || { [ "$major" -eq ${minimumNode.major} ] && [ "$minor" -ge ${minimumNode.minor} ]; }
} >/dev/null 2>&1
find_platform() {
case $(uname -m) in
x86_64 | amd64) cpu=x64 loader=/lib64/ld-linux-x86-64.so.2 ;;
aarch64 | arm64) cpu=arm64 loader=/lib/ld-linux-aarch64.so.1 ;;
*) return ;;
esac
[ -e "$loader" ] && echo "linux-$cpu" && return
for musl in /lib/ld-musl-*; do [ -e "$musl" ] && echo "linux-$cpu-musl" && return; done
}
mine=$PWD/.jarcast/node
cache=\${JARCAST_CACHE_DIR:-\${TMPDIR:-/tmp}/jarcast-cache-$(id -u)}
is() {
found=$(digest <"$mine") && [ "\${found%% *}" = "$1" ]
}
take() {
umask 077
mkdir -p .jarcast
[ -f "$cache/runtimes/$1" ] && cp "$cache/runtimes/$1" "$mine" && is "$1"
} 2>/dev/null
unpack() {
command -v tar >/dev/null 2>&1 || {
echo "jarcast: tar and gzip are needed to unpack the shipped Node.js, and tar is not on the PATH ($PATH)." >&2
exit ${runtimeUnusableExitStatus}
}
rm -f "$mine"
tar -xzOf "$1" "$2" >"$mine" || {
echo "jarcast: the shipped Node.js could not be unpacked from $1." >&2
exit ${runtimeUnusableExitStatus}
}
is "$3" || {
echo "jarcast: the Node.js in $1 is not run: its SHA-256 is \${found%% *}, and $3 was shipped. Is another server at the address in this log, or a damaged file in the agent's fetcher cache?" >&2
exit ${rejectedExitStatus}
}
rm -f "$1"
publish "$3"
}
publish() {
new=$cache/runtimes/$1.\${PWD##*/}.$$
mkdir -p "$cache/runtimes" && [ ! -L "$cache" ] && cp "$mine" "$new" && mv -f "$new" "$cache/runtimes/$1" || rm -f "$new"
return 0
} 2>/dev/null
start() {
chmod 500 "$mine"
"$mine" --version >/dev/null || {
echo "jarcast: the shipped Node.js $1 does not start on this host; it needs glibc 2.28, libstdc++ and libgcc. Ship one that fits with --runtime node=ARCHIVE." >&2
exit ${runtimeUnusableExitStatus}
}
echo "$mine"
}`
