/** The platforms of agents that a Node.js or a JRE is built for, named as npm names them. */

/** `-musl` is for hosts whose C library is musl, such as Alpine; the others have glibc. */
export const platforms = ['linux-x64', 'linux-arm64', 'linux-x64-musl', 'linux-arm64-musl'] as const

export type Platform = (typeof platforms)[number]

/** Exit status of an executor's command that found no Node.js, on a platform that is not listed. */
export const runtimeMissingExitStatus = 94
/** Exit status of an executor's command whose shipped Node.js does not start on its host. */
export const runtimeUnusableExitStatus = 95

/**
 * Exit status with which an executor's command asks for a Node.js of its platform, also where there
 * may be no build for it. Above those of our other checks, below those of shells (126 and more).
 */
export function requestExitStatus(platform: Platform): number {
  return firstRequestStatus + platforms.indexOf(platform)
}

/** The platform that an exit status asks for; undefined for any other status. */
export function requestedPlatform(exitStatus: number): Platform | undefined {
  return platforms[exitStatus - firstRequestStatus]
}

const firstRequestStatus = 100

/** Why a task is launched again after its executor asked for a Node.js. */
export const runtimeAwaited = 'its agent has no Node.js that fits, and gets one'

/** Which Node.js executors need, as in package.json. */
export const minimumNode = { major: 20, minor: 19 } as const
