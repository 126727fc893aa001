import { Button, Group } from '@mantine/core'
import { Dropzone } from '@mantine/dropzone'
import '@mantine/dropzone/styles.css'
import { type ChangeEvent, useRef } from 'react'
import { Icon } from '../../ui/icon.tsx'
import styles from './drop-zone.module.css'

interface DropZoneProps {
  onFiles: (files: readonly File[]) => void
}

/** Any file or folder may be dropped: the server looks inside, and says of each file what it found. */
export function DropZone({ onFiles }: DropZoneProps) {
  const choose = useRef<() => void>(null)
  const folder = useRef<HTMLInputElement>(null)
  const takeFolder = ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    onFiles([...(currentTarget.files ?? [])])
    currentTarget.value = '' // the same folder may be chosen again
  }
  return (
    <Dropzone
      onDrop={onFiles}
      openRef={choose}
      activateOnClick={false}
      activateOnKeyboard={false}
      enablePointerEvents
      className={styles['zone'] ?? ''}
      inputProps={{ 'aria-label': 'Files to import', tabIndex: -1 }}
      tabIndex={-1}
    >
      <div className={styles['inside']}>
        <span className={styles['icon']}>
          <Icon name="upload" size={28} />
        </span>
        <strong className={styles['drop']}>Drop files or folders here</strong>
        <strong className={styles['choose']}>Bring in what you have</strong>
        <span className={styles['hint']}>
          Whole exports, zipped or not, of any size. They are read by this hub and go nowhere else.
        </span>
        <Group gap="xs" justify="center">
          <Button onClick={() => choose.current?.()}>Choose files</Button>
          <Button variant="default" onClick={() => folder.current?.click()}>
            Choose a folder
          </Button>
        </Group>
        <input
          ref={folder}
          type="file"
          hidden
          multiple
          aria-label="Folder to import"
          onChange={takeFolder}
          {...{ webkitdirectory: '' }}
        />
      </div>
    </Dropzone>
  )
}
