/** A connection in a person's words. */
import { connections } from '@tributary/protocol'
import type { AvailableProvider, Connection } from '../api/types.ts'
import type { Tone } from '../ui/pill.tsx'
import { type ProviderWords, providerWords } from './provider-words.ts'

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
export function bringsWords(brings: readonly string[], most = 5, words: ProviderWords = providerWords.en): string {
  const titles = [...new Set(brings.map(words.titleOf))].map((title, i) => (i ? words.within(title) : title))
  const rest = titles.length - most
  if (rest > 1) return `${titles.slice(0, most).join(', ')} ${words.and} ${words.more(rest)}`
  const last = titles.pop() ?? ''
  return titles.length ? `${titles.join(', ')} ${words.and} ${last}` : last
}

export const everythingOf = ({ feeds }: Pick<AvailableProvider, 'feeds'>): string[] => [
  ...new Set(feeds.flatMap(({ brings }) => brings)),
]

/** Where a list goes less far back than the first sync reads, which is said once for all of them. */
export function historyWords(days: number | null, words: ProviderWords = providerWords.en): string | undefined {
  if (days === 0) return words.asItStands
  return days !== null && days < connections.firstSyncDays ? words.last(days) : undefined
}
