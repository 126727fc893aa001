/** A connection in a person's words. */
import type { AvailableProvider, Connection } from '../api/types.ts'
import type { Tone } from '../ui/pill.tsx'
import { metricTitle } from './metric-words.ts'

export function connectionState({ status, is_active, error_code, last_sync }: Connection): {
  word: string
  tone: Tone
} {
  if (status === 'needs_reauth') return { word: 'Sign in again', tone: 'warn' }
  if (status === 'pending') return { word: 'Not finished', tone: 'quiet' }
  if (status === 'ended') return { word: 'Disconnected', tone: 'quiet' }
  if (!is_active) return { word: 'Paused', tone: 'quiet' }
  if (error_code) return { word: 'Last sync failed', tone: 'bad' }
  return last_sync ? { word: 'Connected', tone: 'good' } : { word: 'First sync', tone: 'accent' }
}

/** Whom it leads to, as far as the provider told: a name, else the account. */
export function accountName({
  provider_profile: profile,
  provider_account,
}: Pick<Connection, 'provider_profile' | 'provider_account'>): string | null {
  const text = (...names: string[]) =>
    names.map((name) => profile[name]).find((value) => typeof value === 'string' && value) as string | undefined
  const full = [text('firstname', 'first_name', 'firstName'), text('lastname', 'last_name', 'lastName')]
    .filter(Boolean)
    .join(' ')
  return full || text('name', 'display_name', 'username', 'email', 'device') || provider_account
}

/** `Heart rate, steps, sleep and 14 more`. */
export function bringsWords(brings: readonly string[], most = 5): string {
  const titles = [...new Set(brings.map(metricTitle))]
  const rest = titles.length - most
  const shown = (rest > 1 ? titles.slice(0, most) : titles).map((title, i) =>
    i === 0 ? title : title.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase()),
  )
  if (rest > 1) return `${shown.join(', ')} and ${rest} more`
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : (shown[0] ?? '')
}

export const everythingOf = ({ feeds }: Pick<AvailableProvider, 'feeds'>): string[] => [
  ...new Set(feeds.flatMap(({ brings }) => brings)),
]

/** How far back it can be asked, in words; the shortest of its lists counts for the sentence, each list says its own. */
export function historyWords(days: number | null): string {
  if (days === null) return 'as far back as the account goes'
  if (days < 60) return `the last ${days} days`
  return days < 730 ? `the last ${Math.round(days / 30.44)} months` : `the last ${Math.round(days / 365.25)} years`
}
