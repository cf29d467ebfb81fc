/** The version whose APIs this cluster speaks; clients compare it. */
export const mesosVersion = '1.12.0'

/** What `/version` and GET_VERSION tell. */
export const versionInfo = { build_user: 'jarcast', version: mesosVersion }
