import { languageTag } from './locale.ts'

/** Where this browser is, first, then all that it knows. */
export const localTimeZone = Intl.DateTimeFormat().resolvedOptions().timeZone

export const timeZones: readonly string[] = [...new Set([localTimeZone, 'UTC', ...Intl.supportedValuesOf('timeZone')])]

export const unitChoices = [
  { value: 'metric', label: 'Metric: km, kg, °C' },
  { value: 'imperial', label: 'Imperial: miles, pounds, °F' },
] as const

/** Miles and pounds are everyday measures in three countries. */
export const usualUnits = /-(US|LR|MM)$/.test(languageTag(navigator.language) ?? '') ? 'imperial' : 'metric'
