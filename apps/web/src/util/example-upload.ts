/** A first upload to copy: what a device would send. */
export function exampleUpload(origin: string, deviceId: string, token: string, now: Date): string {
  const body = JSON.stringify({
    data_type: 'heart_rate',
    values: [{ timestamp: now.toISOString().replace(/\.\d+Z$/, 'Z'), value: 72 }],
  })
  return [
    `curl -X POST ${origin}/api/v1/devices/${deviceId}/data \\`,
    `  -H 'Authorization: Bearer ${token}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${body}'`,
  ].join('\n')
}
