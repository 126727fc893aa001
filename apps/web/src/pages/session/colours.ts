/**
 * From little to much in steps that stay apart for every kind of colour blindness and in grey: cividis
 * (https://doi.org/10.1371/journal.pone.0199239) turned by theme, so that the far end stands out from its card.
 */
export const steps: Record<'light' | 'dark', readonly string[]> = {
  light: ['#b5a15a', '#958f78', '#757575', '#575d6d', '#34456c', '#00224e'],
  dark: ['#5a6684', '#757d8a', '#918f80', '#b1a470', '#d3bc5d', '#fde737'],
}

/** `share` from 0 to 1. */
export function stepColour(scheme: 'light' | 'dark', share: number): string {
  const colours = steps[scheme]
  return colours[Math.min(colours.length - 1, Math.max(0, Math.floor(share * colours.length)))] ?? '#757575'
}
