import { Button, Group, Progress } from '@mantine/core'
import type { UploadProgress } from '../../api/upload.ts'
import { useFormat } from '../../app/reader.tsx'
import { Card } from '../../ui/page.tsx'

interface UploadBarProps {
  progress: UploadProgress
  onCancel: () => void
}

export function UploadBar({ progress: { sent, total }, onCancel }: UploadBarProps) {
  const format = useFormat()
  return (
    <Card>
      <Group justify="space-between" mb="sm">
        <span className="tabular" role="status">
          Uploading: {format.bytes(sent)} of {format.bytes(total)}
        </span>
        <Button variant="default" size="xs" onClick={onCancel}>
          Cancel upload
        </Button>
      </Group>
      <Progress.Root size="lg">
        <Progress.Section value={total ? (100 * sent) / total : 0} aria-label="Upload" />
      </Progress.Root>
    </Card>
  )
}
