/** The agents that run the packages. */
export interface NpmPlatform {
  /** Such as `linux`; default: this machine's. */
  readonly os?: string
  /** Such as `x64`; default: this machine's. */
  readonly cpu?: string
  /** On Linux: `glibc` or `musl`. Default: this machine's if it runs Linux, else `glibc`. */
  readonly libc?: string
  /** Such as `22.11.0`; default: this Node's. */
  readonly nodeVersion?: string
}
