import type { AvailableProvider } from '../../api/types.ts'
import { ConnectForm } from '../connections/connect-form.tsx'
import { WhatIsRead } from '../connections/what-is-read.tsx'
import type { Visit } from './visit.ts'

interface BrandProps {
  provider: AvailableProvider
  visit: Visit
  onConnected(): void
}

/** What is read of one brand, and the way in. */
export function Brand({ provider, visit: { said, client, returnTo, explain }, onConnected }: BrandProps) {
  return (
    <>
      <WhatIsRead provider={provider} words={said} />
      <ConnectForm
        provider={provider}
        words={said}
        client={client}
        returnTo={returnTo}
        explain={explain}
        onConnected={onConnected}
      />
    </>
  )
}
