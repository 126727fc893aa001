/**
 * The shape of one line of the metric catalogue (`metrics.ts`).
 * Kinds: S sample (a gauge), I interval (an amount over a period), D daily (a value for a date), E event or session.
 */
export type Kind = 'S' | 'I' | 'D' | 'E'
export type Rollup = 'avg' | 'min' | 'max' | 'sum' | 'last' | 'count' | 'longest' | 'none'
export type RatePer = 's' | 'min' | 'h' | 'day'

export interface Metric {
  title: string
  /** The canonical unit, as the wire spells it. */
  unit: string
  /** First letter is the kind a plain value takes; a second one says that the other kind exists too (`hrv_rmssd` is S and D). */
  kind: readonly [Kind, ...Kind[]]
  /** A value outside is physically impossible or a decoding error, and is refused with a reason. Both ends are allowed. */
  reject?: readonly [number, number]
  /** A value outside is kept but marked implausible. */
  flag?: readonly [number, number]
  /** Highest amount per time for kind I: value ÷ (end − start). */
  rejectRate?: readonly [number, RatePer]
  flagRate?: readonly [number, RatePer]
  /** Highest sum of one local day. */
  rejectDay?: number
  flagDay?: number | readonly [number, number]
  rollup: readonly Rollup[]
  /** Zero means "no reading" and is refused (heart rate, weight …). */
  zeroIsMissing?: true
  loinc?: readonly string[]
  omh?: string
  healthkit?: string
  health_connect?: string
  open_wearables?: string
  group: string
  /** Allowed words of an event that is not a number. */
  words?: readonly string[]
}
