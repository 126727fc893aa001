import { Progress } from '@mantine/core'

interface LoadedShareProps {
  label: string
  /** From 0 to 1; null before that is known. */
  share: number | null
}

/** Something is on its way, and how far it is. */
export function LoadedShare({ label, share }: LoadedShareProps) {
  const percent = Math.round(100 * (share ?? 0))
  return (
    <div style={{ flex: '1 1 220px', padding: '4px 0' }}>
      <p className="tabular" style={{ margin: '0 0 6px' }}>
        {label}
        {share !== null && `: ${percent}%`}
      </p>
      <Progress.Root size="md">
        <Progress.Section value={percent} aria-label={label} />
      </Progress.Root>
    </div>
  )
}
