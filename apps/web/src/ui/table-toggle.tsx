import { Button } from '@mantine/core'
import { Icon } from './icon.tsx'

/** A chart's figures can always be read as well: this shows and hides them. */
export function TableToggle({ shown, onToggle }: { shown: boolean; onToggle: () => void }) {
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<Icon name="table" size={16} />}
      aria-expanded={shown}
      onClick={onToggle}
    >
      {shown ? 'Hide table' : 'Show as table'}
    </Button>
  )
}
