import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { rooms } from './rooms.ts'

/** A letter after `g` counts for so long. */
const chordMs = 1_200

interface Keys {
  onPalette: () => void
  onSheet: () => void
}

/** Keys that work everywhere but in fields, where people type. */
export function useKeys({ onPalette, onSheet }: Keys): void {
  const navigate = useNavigate()
  const askedAt = useRef(Number.NEGATIVE_INFINITY)
  useEffect(() => {
    const answer = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault()
        onPalette()
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const room = event.timeStamp - askedAt.current < chordMs && rooms.find(({ key }) => key === event.key)
      askedAt.current = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY
      if (room) void navigate(room.place)
      else if (event.key === '?') onSheet()
    }
    document.addEventListener('keydown', answer)
    return () => document.removeEventListener('keydown', answer)
  }, [navigate, onPalette, onSheet])
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.closest('input, textarea, select, [role="dialog"], [role="application"]') !== null)
