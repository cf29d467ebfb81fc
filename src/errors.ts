/**
 * The one error class of this package. Callers branch on `code`, never on the message or `instanceof`.
 * Every code has a row in `docs/errors.md`: meaning, who acts, whether a retry helps.
 */
export type ErrorCode =
  | 'ADDRESS_NOT_ADVERTISABLE'
  | 'AGENT_REJECTED'
  | 'AGENT_UNREACHABLE'
  | 'CALL_QUEUE_FULL'
  | 'CALL_REJECTED'
  | 'CALL_TIMEOUT'
  | 'CLASS_NOT_FOUND'
  | 'CLASS_PATH_CONFLICT'
  | 'COMMAND_REFUSED'
  | 'CONFIG_INVALID'
  | 'CONTROL_FAILED'
  | 'CREDENTIALS_REJECTED'
  | 'DISK_FULL'
  | 'DURATION_INVALID'
  | 'FILE_UNUSABLE'
  | 'FRAMEWORK_FAILED'
  | 'FRAMEWORK_FAILED_OVER'
  | 'FRAMEWORK_REMOVED'
  | 'FRAMEWORK_STOPPED'
  | 'FRAME_INVALID'
  | 'FRAME_TOO_LARGE'
  | 'INSPECTOR_APP_GONE'
  | 'INSPECTOR_FAILED'
  | 'INSPECTOR_FILTER_INVALID'
  | 'INSPECTOR_MOMENT_UNKNOWN'
  | 'INSPECTOR_NOT_OFFERED'
  | 'JAR_SERVER_FAILED'
  | 'JAR_SERVER_RUNNING'
  | 'JAVA_MISSING'
  | 'JAVA_TOO_OLD'
  | 'JOURNAL_CLOSED'
  | 'JOURNAL_COMPACTED'
  | 'JOURNAL_CORRUPT'
  | 'JOURNAL_ENTRY_INVALID'
  | 'JOURNAL_FULL'
  | 'JOURNAL_LOCKED'
  | 'JOURNAL_NOT_FOUND'
  | 'JOURNAL_UNREADABLE'
  | 'JOURNAL_UNSUPPORTED'
  | 'JOURNAL_UNWRITABLE'
  | 'LIBRARY_CORRUPT'
  | 'LIBRARY_NOT_A_FILE'
  | 'LIBRARY_NOT_FOUND'
  | 'LIBRARY_UNAVAILABLE'
  | 'LIBRARY_UNREADABLE'
  | 'MASTER_REJECTED'
  | 'MASTER_UNREACHABLE'
  | 'MESSAGE_INVALID'
  | 'NOT_PERMITTED'
  | 'NOT_SUBSCRIBED'
  | 'OPERATION_FAILED'
  | 'OPERATION_INVALID'
  | 'PACKAGE_CORRUPT'
  | 'PACKAGE_INVALID'
  | 'PACKAGE_LOCK_INVALID'
  | 'PACKAGE_LOCK_OUTDATED'
  | 'PACKAGE_NOT_FOUND'
  | 'PACKAGE_UNRESOLVABLE'
  | 'PACKAGE_UNSUITABLE'
  | 'PLACEMENT_TIMEOUT'
  | 'PROGRAM_REJECTED'
  | 'REDIRECT_INVALID'
  | 'REGISTRY_REJECTED'
  | 'REGISTRY_UNREACHABLE'
  | 'REPLAY_DIVERGED'
  | 'REPLAY_FAILED'
  | 'RESULT_TOO_LARGE'
  | 'RESULT_UNKNOWN'
  | 'RUNTIME_MISSING'
  | 'STREAM_ENDED'
  | 'STREAM_OVERFLOW'
  | 'STREAM_SILENT'
  | 'TASK_FAILED'
  | 'TASK_INVALID'
  | 'TASK_UNKNOWN'
  | 'ZOOKEEPER_REJECTED'
  | 'ZOOKEEPER_UNREACHABLE'

/**
 * An address for a message: without user and password, even where these make it an address that cannot be read.
 * Of a list with passwords in it only the end is left.
 */
export function withoutUserinfo(address: string): string {
  // URLs drop these, and read one slash, none, or backslashes as two slashes.
  const plain = address.replaceAll(/[\t\r\n]/g, '')
  // An @ after ? or # may be of a password that is not encoded.
  if (/^https?:/i.test(plain) && URL.canParse(plain) && !/[?#].*@/.test(plain))
    return plain.replace(/^(https?:)[/\\]*[^/?#\\]*@/i, '$1//')
  return plain.replace(/^(\s*(?:[a-z][a-z0-9+.-]*:\/\/)?).*@/is, '$1')
}

export interface JarcastErrorOptions {
  readonly cause?: unknown
  /** True when the same attempt may succeed later without any change by the caller. Default false. */
  readonly retryable?: boolean
  /** What failed: the call, HTTP status, path, URI, task id. Plain JSON, never a secret. */
  readonly details?: Readonly<Record<string, string | number | boolean>>
}

export class JarcastError extends Error {
  override readonly name = 'JarcastError'
  readonly code: ErrorCode
  readonly retryable: boolean
  readonly details: Readonly<Record<string, string | number | boolean>>

  constructor(code: ErrorCode, message: string, options: JarcastErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retryable = options.retryable ?? false
    this.details = options.details ?? {}
  }
}

/** The message of an error, or the text of anything else that was thrown. */
export function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  if (thrown.message !== '') return thrown.message
  // Node's error for a refused connection to a name with several addresses has only a code.
  return 'code' in thrown ? String(thrown.code) : thrown.name
}

/** `CONFIG_INVALID`: the value of `setting` cannot be used. The message names the remedy. */
export function configInvalid(setting: string, message: string, cause?: unknown): JarcastError {
  return new JarcastError('CONFIG_INVALID', message, { cause, details: { setting } })
}
