/**
 * Certificates of a run: a CA with a key derived from the secret of the run, so that a later
 * process has the same one, and a certificate for the advertised host. Node cannot make
 * certificates; this writes the parts of X.509 that these two need.
 * Source: RFC 5280 (profile), RFC 5480 and RFC 5758 (P-256, ECDSA), X.690 (DER).
 */
import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  sign,
} from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import { boolean, der, octets, oid, sequence } from './der.ts'
import type { ServerTls } from './server-tls.ts'

/**
 * Makes a certificate for `host`, an address or a name, signed by the authority of the run with
 * this secret.
 */
export function createRunCertificate(secret: Buffer, host: string): ServerTls {
  const authorityKey = deriveKey(secret)
  const authority = writeCertificate({
    subject: authorityName,
    publicKey: createPublicKey(authorityKey),
    signer: authorityKey,
    extensions: [
      extension(basicConstraints, true, sequence(boolean(true))),
      extension(keyUsage, true, der(0x03, Buffer.from([2, 0x04]))), // keyCertSign
      extension(subjectKeyIdentifier, false, octets(identifierOf(authorityKey))),
    ],
  })
  const own = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const certificate = writeCertificate({
    subject: 'jarcast jar server',
    publicKey: own.publicKey,
    signer: authorityKey,
    extensions: [
      extension(subjectAltName, false, sequence(nameOf(host))),
      extension(extendedKeyUsage, false, sequence(serverAuth)),
      extension(authorityKeyIdentifier, false, sequence(der(0x80, identifierOf(authorityKey)))),
    ],
  })
  return {
    cert: toPem(certificate),
    key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ca: toPem(authority),
  }
}

const authorityName = 'jarcast run'
const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))
const commonName = oid('550403')
const basicConstraints = oid('551d13')
const keyUsage = oid('551d0f')
const subjectKeyIdentifier = oid('551d0e')
const authorityKeyIdentifier = oid('551d23')
const subjectAltName = oid('551d11')
const extendedKeyUsage = oid('551d25')
const serverAuth = oid('2b06010505070301')
/**
 * No expiry, RFC 5280 section 4.1.2.5: clocks of hosts differ, and the key ends with the run.
 */
const validity = sequence(
  der(0x17, Buffer.from('000101000000Z')),
  der(0x18, Buffer.from('99991231235959Z')),
)

interface CertificateParts {
  readonly subject: string
  readonly publicKey: KeyObject
  readonly signer: KeyObject
  readonly extensions: readonly Buffer[]
}

function writeCertificate({ subject, publicKey, signer, extensions }: CertificateParts): Buffer {
  const serial = randomBytes(16)
  serial[0] = (Number(serial[0]) & 0x7f) | 0x40 // positive, and without a leading zero
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, serial),
    ecdsaWithSha256,
    distinguishedName(authorityName),
    validity,
    distinguishedName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  )
  const signature = sign('sha256', body, signer)
  return sequence(body, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature))
}

/** Derives a P-256 key from the secret. */
function deriveKey(secret: Buffer): KeyObject {
  const curve = createECDH('prime256v1')
  for (let attempt = 0; ; attempt += 1) {
    const number = Buffer.from(hkdfSync('sha256', secret, '', `jarcast authority ${attempt}`, 32))
    try {
      curve.setPrivateKey(number)
    } catch {
      continue // not below the order of the curve (probability 2^-32)
    }
    const point = curve.getPublicKey()
    const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((each) => toText(each))
    const jwk = { kty: 'EC', crv: 'P-256', d: toText(number), x: x ?? '', y: y ?? '' }
    return createPrivateKey({ key: jwk, format: 'jwk' })
  }
}

function toText(bytes: Buffer): string {
  return bytes.toString('base64url')
}

function identifierOf(key: KeyObject): Buffer {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest().subarray(0, 20)
}

/** dNSName or iPAddress. */
function nameOf(host: string): Buffer {
  const plain = host.replace(/^\[(.*)\]$/, '$1')
  if (isIP(plain) === 0) return der(0x82, Buffer.from(plain, 'latin1'))
  return der(0x87, isIP(plain) === 4 ? Buffer.from(plain.split('.').map(Number)) : ipv6(plain))
}

function ipv6(address: string): Buffer {
  // The URL class normalizes an IPv6 address: `::` for zeros, no dots.
  const text = new URL(`http://[${address.replace(/%.*/, '')}]`).hostname.slice(1, -1)
  const [head = '', tail] = text.split('::')
  const groupsOf = (part = ''): string[] => part.split(':').filter((group) => group !== '')
  const [before, after] = [groupsOf(head), groupsOf(tail)]
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  const groups = [...before, ...zeros, ...after].map((group) => group.padStart(4, '0'))
  return Buffer.from(groups.join(''), 'hex')
}

function distinguishedName(name: string): Buffer {
  return sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(name)))))
}

function extension(id: Buffer, isCritical: boolean, value: Buffer): Buffer {
  return sequence(id, ...(isCritical ? [boolean(true)] : []), octets(value))
}

function toPem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
