/**
 * Line colours that people with red-green or blue-yellow blindness can tell apart: Okabe and Ito's set
 * (https://jfly.uni-koeln.de/color/), darkened or lightened until each has 3:1 against its card.
 */
export type Scheme = 'light' | 'dark'

const lines: Record<Scheme, readonly string[]> = {
  light: ['#0072b2', '#c4500a', '#008a65', '#a8447f', '#8a6d00', '#4d5bbd'],
  dark: ['#56b4e9', '#f0915a', '#3fc79f', '#e39acb', '#e0c64c', '#a9b4ff'],
}

export function lineColour(scheme: Scheme, index: number): string {
  const colours = lines[scheme]
  return colours[index % colours.length] ?? '#0072b2'
}

/** What is always shown together keeps its colour from one workout to the next. */
const streamOrder = ['speed', 'heart_rate', 'elevation', 'power', 'cadence', 'ambient_temperature']

export function streamColour(scheme: Scheme, metric: string): string {
  const place = streamOrder.indexOf(metric.replace('cadence_steps', 'cadence'))
  return lineColour(scheme, place === -1 ? streamOrder.length - 1 : place)
}
