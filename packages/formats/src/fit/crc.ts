/** CRC-16 as FIT defines it by nibbles (reflected 0x8005, initial 0), unrolled into a table of bytes. */
const nibbles = [
  0x0000, 0xcc01, 0xd801, 0x1400, 0xf001, 0x3c00, 0x2800, 0xe401, 0xa001, 0x6c00, 0x7800, 0xb401, 0x5000, 0x9c01,
  0x8801, 0x4400,
]

const table = Uint16Array.from({ length: 256 }, (_, byte) => step(step(0, byte & 15), byte >> 4))

function step(crc: number, nibble: number): number {
  return (crc >> 4) ^ (nibbles[(crc ^ nibble) & 15] as number)
}

/** Goes on from `crc` over bytes[from, to). */
export function crc16(bytes: Uint8Array, from = 0, to = bytes.length, crc = 0): number {
  for (let i = from; i < to; i++) crc = (crc >> 8) ^ (table[(crc ^ (bytes[i] as number)) & 0xff] as number)
  return crc
}
