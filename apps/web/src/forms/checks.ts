/** What a form can say before the server is asked. The server decides; these only save a round trip. */
export const needed = (what: string) => (value: string | null) => (value?.trim() ? null : `${what} is needed`)

export const emailForm = (value: string) =>
  /^\S+@\S+\.\S+$/.test(value.trim()) ? null : 'Write an e-mail address like name@example.org'

export const newPassword = (value: string) => (value.length >= 8 ? null : 'Use at least 8 characters')
