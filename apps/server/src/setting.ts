/** What a setting is, and the kinds that there are. */
import { z } from 'zod'

export type Effect = 'now' | { later: string }

export interface Setting<T> {
  takes: string
  parse: z.ZodType<T, string>
  /** As it would be written in the environment; undefined leaves the setting out. */
  preset?: string
  does: string
  /** `later` names the part whose work will use it; until then it is checked for form and named at start. */
  effect: Effect
  secret?: true
  aliases?: readonly string[]
}

export const text = z.string().trim().min(1)
export const optionalText = text.optional()
const flag = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.enum(['true', 'false', '1', '0', 'yes', 'no', 'on', 'off']))
  .transform((word) => ['true', '1', 'yes', 'on'].includes(word))
const whole = (min: number, max: number) =>
  z.string().trim().regex(/^\d+$/).transform(Number).pipe(z.number().int().min(min).max(max))
export const fraction = z
  .string()
  .trim()
  .regex(/^\d*\.?\d+$/)
  .transform(Number)
  .pipe(z.number().min(0).max(1))
export const urlOf = (...protocols: string[]) =>
  z
    .string()
    .trim()
    .refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol))
export const webUrl = urlOf('http:', 'https:')
export const words = z.string().transform((list) =>
  list
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean),
)

export const setting = <T>(line: Setting<T>) => line
/** Shorthand for the lines of one kind. */
export const toggle = (preset: 'true' | 'false', does: string, effect: Effect = 'now') =>
  setting({ takes: 'true or false', parse: flag, preset, does, effect })
export const count = (min: number, max: number, preset: number, does: string, effect: Effect = 'now') =>
  setting({
    takes: `a whole number from ${min} to ${max}`,
    parse: whole(min, max),
    preset: String(preset),
    does,
    effect,
  })
export const optionalUrl = (parse: z.ZodType<string, string>, takes: string, does: string, effect: Effect = 'now') =>
  setting<string | undefined>({ takes, parse: parse as z.ZodType<string | undefined, string>, does, effect })
