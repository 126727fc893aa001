import type { connectClient } from '../../api/connect-session.ts'
import type { Explained } from '../../util/explain-error.ts'
import type { ProviderWords } from '../../util/provider-words.ts'
import type { WordLanguage } from '../../util/word-language.ts'
import type { ConnectWords } from './connect-words.ts'

export interface Outcome {
  isGood: boolean
  sentence: string
}

/** All that the page is told of its session, and of the sign-in that it was left for. */
export interface Visit {
  sessionId: string
  client: ReturnType<typeof connectClient>
  language: WordLanguage
  words: ConnectWords
  said: ProviderWords
  explain(error: unknown): Explained
  /** Where a sign-in comes back to. */
  returnTo: string
  outcome: Outcome | undefined
}
