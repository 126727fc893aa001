/** Ctrl-K or ⌘-K: anywhere by typing a few letters. `?` shows the keys, `g` and a letter leads to a room. */
import { Modal, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { metricsWithDataQuery } from '../api/metrics-with-data.ts'
import { Icon } from '../ui/icon.tsx'
import { path } from '../util/path-builder.ts'
import { type Command, commandsFor, findCommands } from './commands.ts'
import { KeySheet } from './key-sheet.tsx'
import styles from './palette.module.css'
import { useKeys } from './use-keys.ts'

const mostShown = 12

export function Palette() {
  const [isOpen, { open, close }] = useDisclosure(false)
  const [showsKeys, keys] = useDisclosure(false)
  const comesBack = useFocusBack(isOpen || showsKeys)
  useKeys({ onPalette: open, onSheet: keys.open })
  return (
    <>
      <button type="button" className={styles['opener']} aria-haspopup="dialog" onClick={open}>
        <Icon name="search" size={20} />
        <span>Go to or do</span>
        <kbd>{keyWords}</kbd>
      </button>
      <Modal opened={isOpen} onClose={close} title="Go to or do" size="lg" yOffset="12dvh" returnFocus={false}>
        <Finder close={close} showKeys={keys.open} onLeave={comesBack.toThePage} />
      </Modal>
      <Modal opened={showsKeys} onClose={keys.close} title="Keys" size="md" returnFocus={false}>
        <KeySheet />
      </Modal>
    </>
  )
}

/**
 * Where the keyboard was before the first of the two dialogs opened is where it is after the last has closed. One may lead
 * to the other, and what it then had under the keyboard is gone.
 */
function useFocusBack(isOpen: boolean): { toThePage: () => void } {
  const before = useRef<Element | null>(null)
  const wasOpen = useRef(false)
  if (isOpen && !wasOpen.current) before.current = document.activeElement
  wasOpen.current = isOpen
  useEffect(() => {
    const target = before.current
    if (isOpen || !(target instanceof HTMLElement)) return undefined
    // The closing dialog holds the keyboard until it has left.
    const timer = setTimeout(() => target.isConnected && target.focus({ preventScroll: true }), 30)
    return () => clearTimeout(timer)
  }, [isOpen])
  return {
    /** Another page takes it, also when that page has come before the dialog has left. */
    toThePage: () => {
      before.current = document.querySelector('main')
    },
  }
}

const keyWords = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K'

interface FinderProps {
  close: () => void
  showKeys: () => void
  /** Another page takes the keyboard. */
  onLeave: () => void
}

function Finder({ close, showKeys, onLeave }: FinderProps) {
  const navigate = useNavigate()
  const scheme = useComputedColorScheme()
  const { setColorScheme } = useMantineColorScheme()
  const extents = useQuery(metricsWithDataQuery)
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const listId = useId()
  const commands = useMemo(() => {
    const other = scheme === 'dark' ? 'light' : 'dark'
    const metrics = (extents.data ?? []).map(({ metric }) => metric)
    return commandsFor(metrics, [
      { title: 'Add a device', group: 'Do', place: path.newDevice() },
      { title: 'Records that could not be used', group: 'Do', words: 'quarantine import', place: path.quarantine() },
      { title: `Switch to ${other} colours`, group: 'Do', words: 'theme', act: () => setColorScheme(other) },
      { title: 'Show the keys', group: 'Do', words: 'shortcuts help', act: showKeys },
    ])
  }, [extents.data, scheme, setColorScheme, showKeys])
  const found = findCommands(commands, typed).slice(0, mostShown)
  const chosen = Math.min(at, found.length - 1)

  const run = ({ place, act }: Command) => {
    if (place) onLeave()
    close()
    act?.()
    if (place) void navigate(place)
  }
  const answerKey = (event: KeyboardEvent) => {
    const command = found[chosen]
    if (event.key === 'ArrowDown') setAt((chosen + 1) % Math.max(1, found.length))
    else if (event.key === 'ArrowUp') setAt((chosen - 1 + found.length) % Math.max(1, found.length))
    else if (event.key === 'Enter' && command) run(command)
    else return
    event.preventDefault()
  }
  return (
    <>
      <input
        className={styles['field']}
        role="combobox"
        aria-label="What are you looking for?"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={found.length ? `${listId}-${chosen}` : undefined}
        placeholder="A room, a metric, something to do"
        autoComplete="off"
        data-autofocus
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={answerKey}
      />
      <div id={listId} role="listbox" aria-label="What was found" className={styles['list']}>
        {found.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keyboard.
          <div
            key={`${command.group} ${command.title}`}
            id={`${listId}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className={styles['option']}
            onClick={() => run(command)}
          >
            <span>{command.title}</span>
            <span className={styles['group']}>{command.group}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && <p className={styles['nothing']}>Nothing is called that.</p>}
    </>
  )
}
