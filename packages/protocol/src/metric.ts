/**
 * The shape of one line of the metric catalogue (`metrics.ts`).
 * Kinds: S sample (a gauge), I interval (an amount over a period), D daily (a value for a date), E event or session.
 */
export type Kind = 'S' | 'I' | 'D' | 'E'
export type Rollup = 'avg' | 'min' | 'max' | 'sum' | 'last' | 'count' | 'longest' | 'none'
export type RatePer = 's' | 'min' | 'h' | 'day'
type Range = readonly [least: number, most: number]
type Rate = readonly [most: number, per: RatePer]

/** The catalogue's headings, in the order people read them. */
export const metricGroups = {
  heart: 'Heart and circulation',
  breathing: 'Breathing and oxygen',
  temperature: 'Temperature',
  body: 'Body',
  movement: 'Movement and energy',
  workout: 'Workout streams',
  mobility: 'Gait and mobility',
  sleep: 'Sleep',
  metabolic: 'Metabolic and intake',
  wellbeing: 'Mind, scores, environment, cycle',
} as const
export type MetricGroup = keyof typeof metricGroups

export interface Metric {
  title: string
  group: MetricGroup
  /**
   * The canonical unit, as the wire spells it. `score`, `index`, `event`, `record`, `session`, `word` and `code` are not
   * measures: nothing converts to them.
   */
  unit: string
  /** First letter is the kind a plain value takes; a second one says that the other kind exists too (`hrv_rmssd` is S and D). */
  kind: readonly [Kind, ...Kind[]]

  /**
   * Limits include both ends. Beyond `reject…` a value is physically impossible or a decoding error, and is refused with
   * a reason; beyond `flag…` it is kept but marked implausible. Amounts (kind I) are never below zero, said or not.
   */
  reject?: Range
  flag?: Range
  /** Highest amount per time for kind I: value ÷ (end − start). */
  rejectRate?: Rate
  flagRate?: Rate
  /** As `rejectRate`, but only where the person is known to go on foot: a cable car climbs faster than anybody. */
  rejectRateOnFoot?: Rate
  /** Highest sum of one local day; for flags a range where too little is as odd as too much. */
  rejectDay?: number
  flagDay?: number | Range
  /** Shortest and longest session, in seconds. */
  rejectDuration?: Range
  flagDuration?: Range
  /** Zero means "no reading" and is refused with that reason (heart rate, weight …). */
  zeroIsMissing?: true

  /** What a day's figure is made of, the chart's first choice first. */
  rollup: readonly Rollup[]
  /** Weeks and months are the average of their days, where a day itself is only the last value. */
  rollupLonger?: 'avg'

  /** Codes of one observation; two mean that an export carries both. */
  loinc?: readonly string[]
  /** Codes for a narrower meaning: `day` for a day's sum, `capillary` for the blood it was taken from … */
  loincWhen?: Readonly<Record<string, string>>
  /** Open mHealth schema; those of IEEE 1752 begin with `ieee:`. */
  omh?: readonly string[]
  /** Without `HKQuantityTypeIdentifier`; `c:` is a category type, `x:` another class of sample. The first is the one we write. */
  healthkit?: readonly string[]
  /** Without the suffix `Record`. */
  health_connect?: string
  open_wearables?: readonly string[]
  /** The unit that another system measures in, where it is not ours. */
  foreignUnits?: Readonly<Partial<Record<'healthkit' | 'health_connect' | 'open_wearables', string>>>

  /** Allowed words of an event that is not a number, weakest first where they have an order. */
  words?: readonly string[]
}
