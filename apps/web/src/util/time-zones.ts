/** Where this browser is, first, then all that it knows. */
export const localTimeZone = Intl.DateTimeFormat().resolvedOptions().timeZone

export const timeZones: readonly string[] = [...new Set([localTimeZone, 'UTC', ...Intl.supportedValuesOf('timeZone')])]

export const unitChoices = [
  { value: 'metric', label: 'Metric: km, kg, °C' },
  { value: 'imperial', label: 'Imperial: miles, pounds, °F' },
] as const
