/** Bodies that most brands answer with. */
export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })

export const nothing = (status = 204): Response => new Response(null, { status })

export const html = (text: string, status = 200): Response =>
  new Response(text, { status, headers: { 'content-type': 'text/html; charset=utf-8' } })

export const redirect = (to: URL): Response => new Response(null, { status: 302, headers: { location: to.href } })

export const bytes = (body: Uint8Array<ArrayBuffer>, type = 'application/octet-stream'): Response =>
  new Response(body, { headers: { 'content-type': type } })
