import { owner, type Program } from './program.ts'

/** An access token, which ends after a quarter of an hour. */
export async function signIn({ url }: Pick<Program, 'url'>): Promise<string> {
  return askForToken(`${url}/api/v1/auth/login`, owner)
}

export async function register({ url }: Pick<Program, 'url'>, person: typeof owner): Promise<string> {
  return askForToken(`${url}/api/v1/auth/register`, person)
}

async function askForToken(url: string, person: typeof owner): Promise<string> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(person),
  })
  const { access_token } = (await answer.json()) as { access_token?: string }
  if (!access_token) throw new Error(`${url} answered ${answer.status} without a token`)
  return access_token
}
