import { Pill } from './pill.tsx'

/** Beside whatever the demo made. */
export function DemoPill({ isDemo }: { isDemo: boolean | undefined }) {
  return isDemo ? <Pill tone="warn">Demo</Pill> : null
}
