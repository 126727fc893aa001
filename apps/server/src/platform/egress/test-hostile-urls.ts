/** For tests: every way that is known to spell an address inside, as a URL. */

/** Addresses that lead to this machine, its house or its operator's cloud, by their four numbers. */
export const insiders: [number, number, number, number][] = [
  [127, 0, 0, 1],
  [127, 1, 2, 3],
  [0, 0, 0, 0],
  [0, 1, 2, 3],
  [10, 0, 0, 1],
  [10, 255, 255, 254],
  [100, 64, 0, 1],
  [100, 127, 255, 254],
  [169, 254, 169, 254],
  [169, 254, 0, 1],
  [172, 16, 0, 1],
  [172, 31, 255, 254],
  [192, 168, 0, 1],
  [192, 168, 255, 254],
  [192, 0, 0, 8],
  [192, 0, 2, 1],
  [192, 88, 99, 1],
  [198, 18, 0, 1],
  [198, 51, 100, 7],
  [203, 0, 113, 9],
  [224, 0, 0, 1],
  [239, 255, 255, 250],
  [240, 0, 0, 1],
  [255, 255, 255, 255],
  [168, 63, 129, 16],
]

/** Every way a URL can spell an IPv4 address. */
function spellings([a, b, c, d]: [number, number, number, number]): string[] {
  const whole = ((a * 256 + b) * 256 + c) * 256 + d
  const hex = (n: number, digits = 2) => n.toString(16).padStart(digits, '0')
  const octal = (n: number) => `0${n.toString(8)}`
  const [high, low] = [hex(a * 256 + b, 4), hex(c * 256 + d, 4)]
  return [
    `${a}.${b}.${c}.${d}`,
    `${a}.${b}.${c}.${d}.`,
    String(whole),
    `0x${hex(whole, 8)}`,
    octal(whole),
    [a, b, c, d].map((n) => `0x${hex(n)}`).join('.'),
    [a, b, c, d].map(octal).join('.'),
    `${a}.${b}.${c * 256 + d}`,
    `${a}.${(b * 256 + c) * 256 + d}`,
    `0x${hex(a)}.${b}.${octal(c)}.${d}`,
    `${a}。${b}。${c}。${d}`, // ideographic full stops
    `${a}.${b}.${c}.${d}`.replace(/[0-9]/g, (digit) => String.fromCharCode(0xff10 + Number(digit))), // full-width digits
    `[::ffff:${a}.${b}.${c}.${d}]`,
    `[::ffff:${high}:${low}]`,
    `[::${high}:${low}]`,
    `[64:ff9b::${high}:${low}]`,
    `[64:ff9b:1::${high}:${low}]`,
    `[2002:${high}:${low}::1]`,
    `[2001:0:${high}:${low}::1]`,
    `[2001:0:4136:e378:8000:63bf:${hex(0xffff - Number.parseInt(high, 16), 4)}:${hex(0xffff - Number.parseInt(low, 16), 4)}]`,
  ]
}

const otherHosts = [
  ...[
    'localhost',
    'LOCALHOST',
    'localhost.',
    'a.localhost',
    'nas.local',
    'router.lan',
    'db.internal',
    'metadata.google.internal',
  ],
  ...['printer', 'intranet', 'x.home.arpa', 'x.test', 'x.invalid', 'x.onion', 'ⓛocalhost', 'ｌｏｃａｌｈｏｓｔ'],
  ...['[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[fc00::1]', '[fd12:3456::1]', '[fe80::1]', '[fe80::1%25lo]', '[fec0::1]'],
  ...[
    '[ff02::1]',
    '[ff0e::1]',
    '[100::1]',
    '[2001:db8::1]',
    '[2001:2::1]',
    '[2001:10::1]',
    '[3ffe::1]',
    '[3fff::1]',
    '[5f00::1]',
  ],
]

const schemes = (host: string) => [
  ...['http', 'ftp', 'ws', 'wss', 'gopher', 'dict', 'ldap', 'tftp', 'unix'].map((scheme) => `${scheme}://${host}/`),
  ...[
    'file:///etc/passwd',
    'data:text/plain,x',
    'javascript:1',
    'unix:/var/run/docker.sock',
    'http+unix://%2Frun%2Fdocker.sock/',
  ],
]

/** `port` is one that must not be connected to at any address of this machine. */
export function hostileUrls(port: number): string[] {
  return [
    ...insiders.flatMap((address) => spellings(address).map((host) => `https://${host}:${port}/`)),
    ...otherHosts.map((host) => `https://${host}:${port}/`),
    ...schemes(`127.0.0.1:${port}`),
    `https://example.com@127.0.0.1:${port}/`,
    `https://127.0.0.1:${port}@example.com/`,
    `https://user:pass@example.com/`,
    `https:127.0.0.1:${port}`,
    `https:\\\\127.0.0.1:${port}\\`,
    `https://127.0.0.1\t:${port}/`,
    `https://127.0.0.1:${port}#@example.com/`,
    `https://127.0.0.1:${port}?@example.com/`,
    `https://%31%32%37.0.0.1:${port}/`,
    `https://[::1]:${port}/\r\nHost: example.com`,
    ...[
      '',
      'https://',
      'https://:443/',
      'https://exa mple.com/',
      '//127.0.0.1/',
      '/etc/passwd',
      'https://[::1',
      'https://256.256.256.256/',
    ],
    ...[22, 25, 80, 3306, 5432, 6379, 8080, 65535].map((other) => `https://example.com:${other}/`),
  ]
}
