/** What a file is called is something a person's machine said: shown to people, never used as a path. */

const longest = 255
const nameless = 'unnamed'

/** Control characters, and the marks that turn text around: with them `gpx.exe` can be made to look like `exe.xpg`. */
const unshowable = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** The last part of whatever path was sent, fit to be shown and to be stored as text. */
export function cleanFileName(sent: string | undefined): string {
  const last = (sent ?? '').toWellFormed().split(/[/\\]/).at(-1) ?? ''
  const name = [...last.replace(unshowable, '').trim()].slice(0, longest).join('')
  return /^\.*$/.test(name) ? nameless : name
}

/** A file inside an archive, with where it lay: `archive.zip › folder/ride.fit`. */
export function innerFileName(archive: string, path: string): string {
  const shown = path.toWellFormed().replace(unshowable, '').trim() || nameless
  const name = `${archive} › ${shown}`
  const letters = [...name]
  return letters.length <= longest ? name : `…${letters.slice(1 - longest).join('')}`
}

/** The last part of a name, with its ending. */
export const lastName = (name: string): string => name.split(/[/›]/).at(-1)?.trim() || name
