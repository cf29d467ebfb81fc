/** The version of Mesos whose APIs this cluster speaks. */
export const mesosVersion = '1.12.0'

/** The answer to `/version` and GET_VERSION. */
export const versionInfo = { build_user: 'jarcast', version: mesosVersion }
