import { Button, type ButtonProps } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Place } from '../util/path-builder.ts'

/** A link that looks like a button. */
export function LinkButton({ place, children, ...looks }: ButtonProps & { place: Place; children: ReactNode }) {
  return (
    <Button {...looks} renderRoot={(props) => <Link {...place} {...props} />}>
      {children}
    </Button>
  )
}
