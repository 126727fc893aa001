/** Times as clocks on the wall show them. */

/** "UTC+9", "UTC−3:30", "UTC". */
export function offsetWords(minutes: number): string {
  if (minutes === 0) return 'UTC'
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`
}

/** The offset of a zone at a time, in minutes east of UTC. */
export function offsetOf(timeZone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at)
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const match = /GMT([+-])(\d+):(\d+)/.exec(name)
  return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0
}

/** `2026-03-05T07:30` on a clock of the zone, as an instant. The hour that a clock change leaves out is the one after it. */
export function instantOf(wall: string, timeZone: string): Date {
  const asUtc = Date.parse(`${wall}Z`)
  const first = asUtc - offsetOf(timeZone, asUtc) * 60_000
  return new Date(asUtc - offsetOf(timeZone, first) * 60_000)
}

/** An instant as a field of date and time takes it. */
export function wallOf(at: number, offsetMinutes: number): string {
  return new Date(at + offsetMinutes * 60_000).toISOString().slice(0, 16)
}

/** "Berlin" of Europe/Berlin. */
function cityOf(timeZone: string): string {
  return (timeZone.split('/').at(-1) ?? timeZone).replaceAll('_', ' ')
}

/** In whose time something is told: "Berlin time, UTC+2", or far from home "UTC+9, 7 h ahead of Berlin". */
export function zoneWords(offset: number, home: string, at: number): string {
  const note = zoneNote(offset, home, at)
  if (offset !== offsetOf(home, at)) return `${offsetWords(offset)}, ${note}`
  return home === 'UTC' ? 'UTC' : `${note}, ${offsetWords(offset)}`
}

/** "Berlin time", or "7 h ahead of Berlin". */
export function zoneNote(offset: number, home: string, at: number): string {
  const away = offset - offsetOf(home, at)
  if (away === 0) return `${cityOf(home)} time`
  const [hours, minutes] = [Math.floor(Math.abs(away) / 60), Math.abs(away) % 60]
  const apart = [hours && `${hours} h`, minutes && `${minutes} min`].filter(Boolean).join(' ')
  return `${apart} ${away > 0 ? 'ahead of' : 'behind'} ${cityOf(home)}`
}
