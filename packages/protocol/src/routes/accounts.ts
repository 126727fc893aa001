import { z } from 'zod'
import { Email, Flag, Instant, TimeZone, Uuid } from '../fields.ts'
import { roles, route, scopes } from '../route.ts'

const tag = 'People and keys'

export const User = z.strictObject({
  user_id: Uuid,
  email: z.string(),
  display_name: z.string().nullable(),
  role: z.enum(roles),
  time_zone: z.string(),
  locale: z.string(),
  units: z.enum(['metric', 'imperial']),
  birth_on: z.iso.date().nullable(),
  sex: z.enum(['female', 'male', 'other']).nullable(),
  body_height: z.number().nullable().meta({ description: 'Metres' }),
  created_at: z.string(),
})

/** `session: "cookie"` is for browsers: the answer then sets an HttpOnly cookie and holds no tokens, so that a script can never read them. */
const session = z.enum(['tokens', 'cookie']).default('tokens')

/** NIST SP 800-63B: length matters, composition rules do not. The server also refuses the most common ones. */
const NewPassword = z.string().min(8).max(256)

export const SignedIn = z.strictObject({
  user: User,
  access_token: z.string().optional(),
  refresh_token: z.string().optional(),
  token_type: z.literal('bearer'),
  expires_in: z.number().int().meta({ description: 'Seconds until the access token ends' }),
})

export const getSetup = route({
  method: 'GET',
  path: '/api/v1/setup',
  summary: 'Ask whether the first account is still to be made',
  tag,
  scope: 'public',
  query: z.strictObject({ token: z.string().max(200).optional() }),
  returns: {
    status: 200,
    body: z.strictObject({
      needs_owner: z.boolean(),
      may_create: z
        .boolean()
        .meta({ description: 'This caller may make the first account (set-up link or this machine)' }),
      signup: z.enum(['invite', 'open', 'closed']),
    }),
  },
  problems: [],
})

export const register = route({
  method: 'POST',
  path: '/api/v1/auth/register',
  summary: 'Make an account',
  description: 'The first account owns the installation and needs the set-up link or a loopback connection.',
  tag,
  scope: 'public',
  body: z.strictObject({
    email: Email,
    password: NewPassword,
    display_name: z.string().trim().min(1).max(100).optional(),
    time_zone: TimeZone.optional(),
    invite: z.string().max(200).optional(),
    setup_token: z.string().max(200).optional(),
    session,
  }),
  returns: { status: 201, body: SignedIn },
  problems: [
    'email_taken',
    'signup_closed',
    'invite_required',
    'invite_invalid',
    'setup_link_required',
    'password_weak',
    'insecure_transport',
    'csrf_missing',
    'too_many_attempts',
  ],
  secret: true,
})

export const login = route({
  method: 'POST',
  path: '/api/v1/auth/login',
  summary: 'Sign in',
  tag,
  scope: 'public',
  body: z.strictObject({ email: Email, password: z.string().max(256), session }),
  returns: { status: 200, body: SignedIn },
  problems: ['credentials_wrong', 'too_many_attempts', 'insecure_transport', 'csrf_missing'],
  secret: true,
})

export const refresh = route({
  method: 'POST',
  path: '/api/v1/auth/refresh',
  summary: 'Trade a refresh token for new tokens',
  description: 'A refresh token works once. Used a second time it ends the whole sign-in.',
  tag,
  scope: 'public',
  body: z.strictObject({ refresh_token: z.string().max(200) }),
  returns: { status: 200, body: SignedIn },
  problems: ['token_invalid', 'refresh_token_reused'],
  secret: true,
})

export const logout = route({
  method: 'POST',
  path: '/api/v1/auth/logout',
  summary: 'Sign out',
  tag,
  scope: 'person',
  returns: { status: 204 },
  problems: [],
})

export const getMe = route({
  method: 'GET',
  path: '/api/v1/me',
  summary: 'Read your profile',
  tag,
  scope: 'account:read',
  returns: { status: 200, body: User },
  problems: [],
})

export const updateMe = route({
  method: 'PATCH',
  path: '/api/v1/me',
  summary: 'Change your profile',
  tag,
  scope: 'account:write',
  body: z.strictObject({
    display_name: z.string().trim().min(1).max(100).nullable().optional(),
    time_zone: TimeZone.optional(),
    locale: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
      .max(35)
      .optional(),
    units: z.enum(['metric', 'imperial']).optional(),
    birth_on: z.iso
      .date()
      .refine((day) => day >= '1900-01-01', 'takes a day from 1900-01-01 on')
      .nullable()
      .optional(),
    sex: z.enum(['female', 'male', 'other']).nullable().optional(),
    body_height: z.number().min(0.3).max(2.8).nullable().optional(),
  }),
  returns: { status: 200, body: User },
  problems: [],
})

export const SignIn = z.strictObject({
  sign_in_id: Uuid,
  created_at: z.string(),
  last_used_at: z.string(),
  address: z.string().nullable(),
  user_agent: z.string().nullable(),
  kind: z.enum(['tokens', 'cookie']),
  current: z.boolean(),
})

export const listSignIns = route({
  method: 'GET',
  path: '/api/v1/me/sign-ins',
  summary: 'List where you are signed in',
  tag,
  scope: 'person',
  returns: { status: 200, body: z.strictObject({ items: z.array(SignIn), next_cursor: z.null() }) },
  problems: [],
})

export const endSignIns = route({
  method: 'DELETE',
  path: '/api/v1/me/sign-ins',
  summary: 'End one sign-in, or all others',
  tag,
  scope: 'person',
  query: z.strictObject({ sign_in_id: Uuid.optional() }),
  returns: { status: 200, body: z.strictObject({ ended: z.number().int() }) },
  problems: ['not_found'],
})

export const changePassword = route({
  method: 'POST',
  path: '/api/v1/me/password',
  summary: 'Change your password',
  description: 'Every other sign-in ends.',
  tag,
  scope: 'person',
  body: z.strictObject({ current_password: z.string().max(256), new_password: NewPassword }),
  returns: { status: 204 },
  problems: ['credentials_wrong', 'password_weak', 'too_many_attempts', 'insecure_transport'],
})

export const ApiKey = z.strictObject({
  api_key_id: Uuid,
  name: z.string(),
  scopes: z.array(z.enum(scopes)),
  prefix: z.string().meta({ description: 'The first characters, to recognise it by' }),
  created_at: z.string(),
  expires_at: z.string().nullable(),
  last_used_at: z.string().nullable(),
})

export const listApiKeys = route({
  method: 'GET',
  path: '/api/v1/api-keys',
  summary: 'List your API keys',
  tag,
  scope: 'person',
  returns: { status: 200, body: z.strictObject({ items: z.array(ApiKey), next_cursor: z.null() }) },
  problems: [],
})

export const createApiKey = route({
  method: 'POST',
  path: '/api/v1/api-keys',
  summary: 'Make an API key',
  description: 'The key is shown once and stored only as a hash. It can hold no scope that you do not hold.',
  tag,
  scope: 'person',
  body: z.strictObject({
    name: z.string().trim().min(1).max(100),
    scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
    expires_at: Instant.nullable().optional(),
  }),
  returns: { status: 201, body: z.strictObject({ ...ApiKey.shape, api_key: z.string() }) },
  problems: ['not_allowed'],
  secret: true,
})

export const deleteApiKey = route({
  method: 'DELETE',
  path: '/api/v1/api-keys/{api_key_id}',
  summary: 'Revoke an API key',
  tag,
  scope: 'person',
  params: z.strictObject({ api_key_id: Uuid }),
  returns: { status: 204 },
  problems: ['not_found'],
})

export const Invite = z.strictObject({
  invite_id: Uuid,
  role: z.enum(['admin', 'member', 'viewer']),
  note: z.string().nullable(),
  created_at: z.string(),
  expires_at: z.string(),
  used_at: z.string().nullable(),
})

export const listInvites = route({
  method: 'GET',
  path: '/api/v1/invites',
  summary: 'List invites',
  tag,
  scope: 'admin',
  query: z.strictObject({ used: Flag.optional() }),
  returns: { status: 200, body: z.strictObject({ items: z.array(Invite), next_cursor: z.null() }) },
  problems: [],
})

export const createInvite = route({
  method: 'POST',
  path: '/api/v1/invites',
  summary: 'Invite somebody',
  description: 'The code works once and ends after a week. Only the owner can invite an admin.',
  tag,
  scope: 'admin',
  body: z.strictObject({
    role: z.enum(['admin', 'member', 'viewer']).default('member'),
    note: z.string().trim().max(200).optional(),
  }),
  returns: { status: 201, body: z.strictObject({ ...Invite.shape, invite: z.string(), url: z.string() }) },
  problems: ['not_allowed'],
  secret: true,
})

export const deleteInvite = route({
  method: 'DELETE',
  path: '/api/v1/invites/{invite_id}',
  summary: 'Withdraw an invite',
  tag,
  scope: 'admin',
  params: z.strictObject({ invite_id: Uuid }),
  returns: { status: 204 },
  problems: ['not_found'],
})
