import { type ReactNode, useEffect } from 'react'
import { Gate } from '../../app/gate.tsx'
import type { WordLanguage } from '../../util/word-language.ts'

interface FramedProps {
  language: WordLanguage
  title: string
  lead?: string
  children?: ReactNode
}

/** The card that the page is, in its language for whoever reads it aloud. */
export function Framed({ language, title, lead, children }: FramedProps) {
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  return (
    <Gate title={title} lead={lead}>
      {children}
    </Gate>
  )
}
