import { describe, expect, test } from 'vitest'
import type { OAuth2 } from './auth.ts'
import { BadAnswer } from './errors.ts'
import { authorizationUrl, readTokenOutcome, splitScopes, tellsApartApp, tokenRequest } from './oauth.ts'
import { signOAuth1 } from './oauth1.ts'
import { readApproval, readTokenPair } from './oauth1-steps.ts'

const standard: OAuth2 = {
  kind: 'oauth2',
  authorizeUrl: 'https://brand.example.com/oauth/authorize?v=2',
  tokenUrl: 'https://api.brand.example.com/oauth/token',
  scopes: {},
  pkce: true,
  client: 'body',
  refreshToken: 'rotates',
}
const app = { clientId: 'id', clientSecret: 's&c:ret', extra: {} }
const code = { grant: 'authorization_code', code: 'c', redirectUri: 'https://me/cb', verifier: 'v' } as const
const asked = { clientId: 'id', redirectUri: 'https://me/cb', state: 'st', scopes: ['a', 'b'], challenge: 'ch' }
const bytesOf = (body: unknown) => new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
const outcome = (status: number, body: unknown, auth = standard) =>
  readTokenOutcome(auth, { status, bytes: bytesOf(body) })

test('a person is sent to the provider with state, scopes and S256, and the provider’s own parameters stay', () => {
  expect(authorizationUrl(standard, asked).href).toBe(
    'https://brand.example.com/oauth/authorize?v=2&response_type=code&client_id=id&redirect_uri=https%3A%2F%2Fme%2Fcb&scope=a+b&code_challenge=ch&code_challenge_method=S256&state=st',
  )
  const own = authorizationUrl(
    { ...standard, scopeSeparator: ',', pkce: false, authorizeParameters: { prompt: 'consent' } },
    asked,
  )
  expect(own.searchParams.get('scope')).toBe('a,b')
  expect(own.searchParams.get('prompt')).toBe('consent')
  expect(own.searchParams.has('code_challenge')).toBe(false)
  expect(authorizationUrl({ ...standard, scopesNotSent: true }, asked).searchParams.has('scope')).toBe(false)
})

test('no parameter of a provider replaces our state', () => {
  expect(
    authorizationUrl({ ...standard, authorizeParameters: { state: 'theirs' } }, asked).searchParams.get('state'),
  ).toBe('st')
})

test('a stand-in for the sign-in moves both addresses and keeps their paths', () => {
  const at = { authUrl: 'http://localhost:4810/x' }
  expect(authorizationUrl(standard, asked, at).href).toMatch(/^http:\/\/localhost:4810\/x\/oauth\/authorize\?/)
  expect(tokenRequest(standard, app, code, at).url.href).toBe('http://localhost:4810/x/oauth/token')
})

test('id and secret go into the body or a header as the provider wants, and never into the address', () => {
  const body = tokenRequest(standard, app, code)
  expect(Object.fromEntries(new URLSearchParams(body.body))).toEqual({
    grant_type: 'authorization_code',
    code: 'c',
    redirect_uri: 'https://me/cb',
    code_verifier: 'v',
    client_id: 'id',
    client_secret: 's&c:ret',
  })
  expect(body.url.search).toBe('')
  const header = tokenRequest({ ...standard, client: 'basic', pkce: false }, app, code)
  expect(Buffer.from(header.headers['authorization']?.slice(6) ?? '', 'base64').toString()).toBe('id:s%26c%3Aret')
  expect(header.body).toBe('grant_type=authorization_code&code=c&redirect_uri=https%3A%2F%2Fme%2Fcb')
  const json = tokenRequest(
    {
      ...standard,
      tokenBody: 'json',
      refreshUrl: 'https://other.example.com/r',
      tokenParameters: (grant) => ({ action: grant }),
    },
    app,
    { grant: 'refresh_token', refreshToken: 'r' },
  )
  expect(json.url.href).toBe('https://other.example.com/r')
  expect(JSON.parse(json.body ?? '')).toMatchObject({
    grant_type: 'refresh_token',
    refresh_token: 'r',
    action: 'refresh_token',
  })
})

test('an answer of a token endpoint is read with its scopes', () => {
  const token = { access_token: 'a', refresh_token: 'r', expires_in: 60, scope: 'x y' }
  expect(outcome(200, token)).toEqual({
    kind: 'ok',
    token: { accessToken: 'a', refreshToken: 'r', expiresIn: 60, scopes: ['x', 'y'] },
  })
  expect(splitScopes({ scopeSeparator: ',' }, 'read,activity:read_all')).toEqual(['read', 'activity:read_all'])
})

test('only the refusal of the grant is one; nothing else costs a connection', () => {
  expect(outcome(400, { error: 'invalid_grant' })).toEqual({ kind: 'refused' })
  expect(outcome(401, { error: 'invalid_grant' })).toEqual({ kind: 'refused' })
  expect(outcome(401, { error: 'invalid_client' })).toEqual({ kind: 'app' })
  for (const [status, body] of [
    [400, { error: 'invalid_request' }],
    [400, {}],
    [400, ''],
    [400, 'invalid_grant'],
    [401, { message: 'Unauthorized' }],
    [403, { error: 'invalid_grant' }],
    [429, { error: 'invalid_grant' }],
    [500, { error: 'invalid_grant' }],
    [503, '<html>invalid_grant</html>'],
    [200, '<html>maintenance</html>'],
    [200, { access_token: '' }],
    [200, null],
    [302, {}],
  ] as const)
    expect([status, body, outcome(status, body).kind]).toEqual([status, body, 'failed'])
})

test('a provider that refuses in its own way is understood, one that says neither is a failure', () => {
  const own: OAuth2 = {
    ...standard,
    refusesGrant: (_status, answer) => (answer as { status?: number }).status === 601,
    readToken: () => {
      throw new BadAnswer('no token')
    },
  }
  expect(outcome(200, { status: 601 }, own)).toEqual({ kind: 'refused' })
  expect(outcome(200, { status: 2554 }, own)).toEqual({ kind: 'failed', reason: 'no token' })
})

test('an app that is refused in a provider’s own way costs no connection, whatever is said of the grant', () => {
  const own: OAuth2 = {
    ...standard,
    refusesGrant: (status) => status >= 400,
    refusesApp: (status) => status === 404,
  }
  expect([outcome(404, {}, own), outcome(400, {}, own)]).toEqual([{ kind: 'app' }, { kind: 'refused' }])
  const { refusesApp: _, ...mute } = own
  expect([standard, own, mute].map(tellsApartApp)).toEqual([true, true, false])
})

test('OAuth 1 signs what Twitter’s worked example signs, to the letter', () => {
  const keys = {
    consumerKey: 'xvz1evFS4wEEPTGEFPHBog',
    consumerSecret: 'kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw',
    token: '370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb',
    tokenSecret: 'LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE',
  }
  const url = new URL('https://api.twitter.com/1.1/statuses/update.json?include_entities=true')
  const form = new URLSearchParams({ status: 'Hello Ladies + Gentlemen, a signed OAuth request!' })
  const header = signOAuth1({ method: 'POST', url, form }, keys, {
    nonce: 'kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg',
    seconds: 1318622958,
  })
  expect(header).toContain('oauth_signature="hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D"')
})

describe('OAuth 1’s two answers', () => {
  const pair = (status: number, text: string) => readTokenPair({ status, bytes: new TextEncoder().encode(text) })

  test('a form with a token and its secret is a pair, 401 a refusal, anything else says nothing', () => {
    expect(pair(200, 'oauth_token=t%2F1&oauth_token_secret=s&oauth_callback_confirmed=true')).toEqual({
      kind: 'ok',
      pair: { token: 't/1', secret: 's' },
    })
    expect(pair(401, 'oauth_problem=signature_invalid')).toEqual({ kind: 'refused' })
    for (const [status, text] of [
      [200, '<html>maintenance</html>'],
      [200, 'oauth_token=t'],
      [400, 'oauth_token=t&oauth_token_secret=s'],
      [503, ''],
    ] as const)
      expect([status, text, pair(status, text).kind]).toEqual([status, text, 'failed'])
  })

  test('whoever comes back with a verifier has said yes; every other way is a no', () => {
    const read = (query: string) => readApproval(new URLSearchParams(query))
    expect(read('oauth_token=t&oauth_verifier=v')).toEqual({ kind: 'approved', token: 't', verifier: 'v' })
    for (const query of [
      '',
      'oauth_token=t',
      'oauth_token=t&oauth_verifier=null',
      'denied=t',
      'oauth_token=t&oauth_verifier=v&oauth_problem=user_refused',
    ])
      expect([query, read(query).kind]).toEqual([query, 'declined'])
  })
})
