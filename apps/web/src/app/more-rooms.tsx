import { Drawer } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { Icon } from '../ui/icon.tsx'
import styles from './more-rooms.module.css'
import type { Room } from './rooms.ts'

/** On a phone, the rooms that have no place under the thumb. */
export function MoreRooms({ rooms, className }: { rooms: readonly Room[]; className: string | undefined }) {
  const [isOpen, { open, close }] = useDisclosure(false)
  return (
    <>
      <button type="button" className={`${className} ${styles['more']}`} aria-haspopup="dialog" onClick={open}>
        <Icon name="more" size={22} />
        <span>More</span>
      </button>
      <Drawer
        opened={isOpen}
        onClose={close}
        position="bottom"
        size="auto"
        radius="lg"
        title="More rooms"
        classNames={{ inner: styles['sheet'] ?? '', content: styles['content'] ?? '' }}
      >
        <ul className={styles['list']}>
          {rooms.map((room) => (
            <li key={room.title}>
              <Link {...room.place} className={styles['room']} onClick={close}>
                <Icon name={room.icon} size={22} />
                <span>{room.title}</span>
              </Link>
            </li>
          ))}
        </ul>
      </Drawer>
    </>
  )
}
