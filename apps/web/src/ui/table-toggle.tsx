import { Button } from '@mantine/core'
import { Icon } from './icon.tsx'

interface TableToggleProps {
  /** Where several stand on one page, what each is of. */
  of?: string
  shown: boolean
  onToggle: () => void
}

/** A chart's figures can always be read as well: this shows and hides them. */
export function TableToggle({ of, shown, onToggle }: TableToggleProps) {
  const words = shown ? 'Hide table' : 'Show as table'
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<Icon name="table" size={16} />}
      aria-expanded={shown}
      aria-label={of ? `${words}: ${of}` : undefined}
      onClick={onToggle}
    >
      {words}
    </Button>
  )
}
