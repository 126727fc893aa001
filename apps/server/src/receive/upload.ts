/** What an upload is made of, on its way from bytes to readings. */
import type { FieldError, Measured, ProblemCode, Rejection } from '@tributary/protocol'

/** A body that can be used, if only in part. */
export interface UsableBody {
  /** Of the catalogue: a metric or a compound. */
  dataType: string
  readings: Measured[]
  /** Values in it. */
  received: number
  /** Values whose form is wrong; ingest judges the others. */
  rejected: Rejection[]
  /** Of the batch, ms; null when neither it nor any value says. */
  t0: number | null
  metadata: Metadata | null
}

export interface Metadata {
  accuracy?: number
  battery_level?: number
  signal_strength?: string
  [more: string]: unknown
}

/** A body that cannot be used at all. */
export interface UnusableBody {
  code: ProblemCode
  detail: string
  errors: FieldError[]
  /** Values in it, where they could be counted: all of them are lost. */
  received?: number
}

export const isUsable = (body: UsableBody | UnusableBody): body is UsableBody => 'readings' in body

export const unusable = (
  pointer: string,
  detail: string,
  code: ProblemCode = 'invalid_request',
  fault?: string,
): UnusableBody => ({
  code,
  detail: pointer ? `${pointer}: ${detail}` : detail,
  errors: [{ pointer, ...(fault ? { code: fault } : {}), detail }],
})

/** Why a value's form is wrong. */
export type FormFault = readonly [code: string, detail: string]
