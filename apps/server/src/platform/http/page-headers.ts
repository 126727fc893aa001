/** Says of a bare list how long the whole of it is, and where its other pages are (RFC 8288). */
import type { FastifyReply, FastifyRequest } from 'fastify'

interface Page {
  limit: number
  offset: number
}

export function describePage(
  request: FastifyRequest,
  reply: FastifyReply,
  { limit, offset }: Page,
  total: number,
): void {
  reply.header('x-total-count', total)
  const links = pagesOf(limit, offset, total).map(([rel, at]) => `<${addressOf(request.url, limit, at)}>; rel="${rel}"`)
  if (links.length) reply.header('link', links.join(', '))
}

function pagesOf(limit: number, offset: number, total: number): [rel: string, offset: number][] {
  const last = total === 0 ? 0 : Math.floor((total - 1) / limit) * limit
  const pages: [string, number][] = [['first', 0]]
  if (offset > 0) pages.push(['prev', Math.max(0, Math.min(offset - limit, last))])
  if (offset + limit < total) pages.push(['next', offset + limit])
  pages.push(['last', last])
  return pages
}

function addressOf(url: string, limit: number, offset: number): string {
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  searchParams.set('limit', String(limit))
  searchParams.set('offset', String(offset))
  return `${pathname}?${searchParams}`
}
