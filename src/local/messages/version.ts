/** The version whose APIs this cluster speaks; clients compare it. */
export const MESOS_VERSION = '1.12.0'

/** What `/version` and GET_VERSION tell. */
export const VERSION = { build_user: 'jarcast', version: MESOS_VERSION }
