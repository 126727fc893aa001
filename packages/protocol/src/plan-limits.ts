/** What can stand in a planned session, whoever plans it. */
export const planLimits = {
  /** Characters. */
  title: 200,
  description: 5_000,
  /** Seconds: a week. */
  duration: 604_800,
  /** Metres. */
  distance: 10_000_000,
} as const
