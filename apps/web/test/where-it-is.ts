const hour = 3_600_000
const day = 24 * hour

/** A zone whose clocks show that hour now, and the instant of its last midnight: who lives there sees the same whenever they are looked at. */
export function whereItIs(hourOfDay: number, now: number): { time_zone: string; today: number } {
  const offset = ((hourOfDay - new Date(now).getUTCHours() + 35) % 24) - 11
  const today = Math.floor((now + offset * hour) / day) * day - offset * hour
  return { time_zone: offset === 0 ? 'UTC' : `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`, today } // signs as POSIX has them
}
