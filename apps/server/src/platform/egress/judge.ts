/**
 * Which addresses may be asked at all. Everything that is not plainly the public internet is refused: IANA's special-purpose
 * registries (RFC 6890 and what was added since), and addresses that carry another one inside them are what they carry.
 */
import { BlockList, isIP, isIPv4 } from 'node:net'
import type { Allowed } from './allowed.ts'
import { EgressRefused } from './refused.ts'

export const usualPorts: readonly number[] = [443, 8443]

/** Throws for a URL that is not asked whatever its name turns out to mean. */
export function assertUrl(given: URL | string, allowed: Pick<Allowed, 'has'>, ports = usualPorts): URL {
  const text = String(given)
  if (!URL.canParse(text)) throw new EgressRefused('not_an_address', 'this is no address')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new EgressRefused('scheme', 'only https addresses are asked')
  if (url.username || url.password)
    throw new EgressRefused('userinfo', 'an address with a name or password in it is not asked')
  if (allowed.has(url)) return url
  if (url.protocol !== 'https:') throw new EgressRefused('scheme', 'only https addresses are asked')
  if (!ports.includes(Number(url.port || 443))) throw new EgressRefused('port', `port ${url.port} is not asked`)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host)) assertAddress(host)
  else if (!isPublicName(host))
    throw new EgressRefused('private_address', 'this name is not one of the public internet')
  return url
}

export function assertAddress(address: string): void {
  if (isPublicAddress(address)) return
  throw new EgressRefused('private_address', 'this address is not one of the public internet')
}

/** Names that never leave a machine or a house (RFC 6761, 6762, 8375, 9476). A trailing dot changes nothing. */
const localNames = [
  'localhost',
  'local',
  'localdomain',
  'internal',
  'intranet',
  'lan',
  'home',
  'home.arpa',
  'corp',
  'private',
  'test',
  'invalid',
  'onion',
  'alt',
]

function isPublicName(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '')
  if (!name.includes('.')) return false
  return !localNames.some((local) => name === local || name.endsWith(`.${local}`))
}

const special4: readonly [net: string, bits: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // carrier-grade NAT
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // link-local, and where clouds keep their metadata
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4],
  ['168.63.129.16', 32], // Azure's own, in public space
]

const special6: readonly [net: string, bits: number][] = [
  ['2001::', 23], // IETF's: Teredo, ORCHID, benchmarks …
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4: its public ones are as dead as its private ones are dangerous
  ['2620:4f:8000::', 48],
  ['3ffe::', 16],
  ['3fff::', 20],
]

const blocked = new BlockList()
for (const [net, bits] of special4) blocked.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of special6) blocked.addSubnet(net, bits, 'ipv6')

/** Only 2000::/3 is given out to the world; mapped (::ffff:0:0/96), ULA, link-local and multicast lie outside of it. */
const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')

export function isPublicAddress(address: string): boolean {
  if (!isIP(address) || address.includes('%')) return false // a zone is a wire of this machine
  if (isIPv4(address)) return !blocked.check(address, 'ipv4')
  const carried = carriedByNat64(address)
  if (carried) return isPublicAddress(carried)
  return global6.check(address, 'ipv6') && !blocked.check(address, 'ipv6')
}

const nat64 = new BlockList()
nat64.addSubnet('64:ff9b::', 96, 'ipv6')

/** On networks without IPv4 every IPv4 address comes from the resolver in this form (RFC 6052). */
function carriedByNat64(address: string): string | undefined {
  if (!nat64.check(address, 'ipv6')) return undefined
  const last = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')[1] ?? ''
  const [high = 0, low = 0] = [0, 0, ...last.split(':').map((part) => Number.parseInt(part || '0', 16))].slice(-2)
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
