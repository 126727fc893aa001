import { Button } from '@mantine/core'
import { Dropzone } from '@mantine/dropzone'
import '@mantine/dropzone/styles.css'
import { useRef } from 'react'
import { Icon } from '../../ui/icon.tsx'
import styles from './drop-zone.module.css'

interface DropZoneProps {
  busy: boolean
  onFiles: (files: readonly File[]) => void
}

/** Any file may be dropped: the server looks inside, and says of each what it found. */
export function DropZone({ busy, onFiles }: DropZoneProps) {
  const choose = useRef<() => void>(null)
  return (
    <Dropzone
      onDrop={onFiles}
      openRef={choose}
      activateOnClick={false}
      activateOnKeyboard={false}
      enablePointerEvents
      disabled={busy}
      className={styles['zone'] ?? ''}
      inputProps={{ 'aria-label': 'Files to import', tabIndex: -1 }}
      tabIndex={-1}
    >
      <div className={styles['inside']}>
        <span className={styles['icon']}>
          <Icon name="upload" size={28} />
        </span>
        <strong>Drop activity files here</strong>
        <span className={styles['hint']}>or choose them; several at once are fine</span>
        <Button onClick={() => choose.current?.()} disabled={busy}>
          Choose files
        </Button>
      </div>
    </Dropzone>
  )
}
