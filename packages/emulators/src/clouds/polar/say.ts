/** JSON or XML, as the request wishes: who does not ask for JSON gets XML. */
import { json } from '../kit/answers.ts'

export function say({ request }: { request: Request }, body: unknown, status = 200): Response {
  if (request.headers.get('accept')?.includes('json')) return json(body, status)
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<response>${xml(body)}</response>\n`
  return new Response(text, { status, headers: { 'content-type': 'application/xml' } })
}

function xml(value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => `<item>${xml(one)}</item>`).join('')
  if (typeof value !== 'object' || value === null)
    return String(value ?? '')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
  return Object.entries(value)
    .map(([name, one]) =>
      /^[a-z]/i.test(name) ? `<${name}>${xml(one)}</${name}>` : `<entry key="${name}">${xml(one)}</entry>`,
    )
    .join('')
}

export const error = (ask: { request: Request }, status: number, message: string): Response =>
  say(ask, { error: { status, message } }, status)
