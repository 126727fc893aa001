/** How a browser proves who it is: names that the server, the client and the docs must agree on. */

/** The cookie's name over HTTPS and over plain loopback HTTP, where browsers refuse the `__Host-` prefix. */
export const cookieNames = { secure: '__Host-tributary', plain: 'tributary' } as const

/** A page elsewhere can make a browser send the cookie, but not this header. */
export const csrfHeader = 'x-tributary-csrf'
