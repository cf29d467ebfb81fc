/** HTTP basic authentication. Source: RFC 7617. */

/** The identity of a framework or operator. The secret is sent only to masters and their agents. */
export interface Credentials {
  readonly principal: string
  readonly secret: string
}

/** Value of the Authorization header; a secret. */
export function basicAuthorization({ principal, secret }: Credentials): string {
  return `Basic ${Buffer.from(`${principal}:${secret}`, 'utf8').toString('base64')}`
}
