import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './app/base.css'
import { queryClient } from './api/client.ts'
import { cssVariables, schemeOf, theme } from './app/theme.ts'
import { router } from './routes.tsx'
import { patterns } from './util/path-builder.ts'

const root = document.getElementById('root')
if (!root) throw new Error('the page has no place for the app')

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={schemeOf(window.location.pathname === patterns.connect ? 'page' : 'person')}
    >
      <Notifications position="top-right" />
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
