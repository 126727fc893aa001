import { ActionIcon, Button } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { Icon } from './icon.tsx'

interface CopyButtonProps {
  text: string
  label: string
  compact?: boolean
}

export function CopyButton({ text, label, compact = false }: CopyButtonProps) {
  const clipboard = useClipboard({ timeout: 2_000 })
  const icon = <Icon name={clipboard.copied ? 'check' : 'copy'} size={16} />
  const copy = () => clipboard.copy(text)
  const name = clipboard.copied ? 'Copied' : label // what is heard begins with what is seen
  return (
    <>
      {compact ? (
        <ActionIcon variant="subtle" size="sm" onClick={copy} aria-label={name}>
          {icon}
        </ActionIcon>
      ) : (
        <Button variant="default" size="xs" leftSection={icon} onClick={copy} aria-label={name}>
          {clipboard.copied ? 'Copied' : 'Copy'}
        </Button>
      )}
      <span className="visually-hidden" role="status">
        {clipboard.copied ? 'Copied' : ''}
      </span>
    </>
  )
}
