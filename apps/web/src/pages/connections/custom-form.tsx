import { Button, FileButton, Group, PasswordInput, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { ProblemError } from '@tributary/sdk'
import { useState } from 'react'
import type { CustomApi } from '../../api/types.ts'
import { Icon } from '../../ui/icon.tsx'
import { Card } from '../../ui/page.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { sketchOf } from '../../util/custom-definition.ts'
import { explainError } from '../../util/explain-error.ts'
import styles from './connections.module.css'
import { customExample } from './custom-example.ts'
import own from './custom-form.module.css'
import type { Draft } from './use-draft.ts'

export interface Given {
  definition: Record<string, unknown>
  credentials?: Record<string, string>
}

interface CustomFormProps {
  custom: CustomApi | undefined
  draft: Draft
  dryRun(given: Given & { sample?: string; feed?: string }): void
  save(given: Given): void
  trying: boolean
  saving: boolean
  failure: unknown
}

const titles = { user: 'User name', secret: 'Key or token' } as const

export function CustomForm({ custom, draft, dryRun, save, trying, saving, failure }: CustomFormProps) {
  const [keys, setKeys] = useState<Record<string, string>>({})
  const { definition, credentials: fields, feeds, fault } = sketchOf(draft.text)
  const faults = faultsOf(failure)
  const elsewhere = ['/sample', ...fields.map((name) => `/credentials/${name}`)]
  const ofDefinition = faults.filter(({ pointer }) => !elsewhere.includes(pointer))
  const faultAt = (pointer: string) => faults.find((one) => one.pointer === pointer)?.detail
  const filled = fields.filter((name) => keys[name]?.trim())
  const given = (): Given => ({
    definition: definition ?? {},
    ...(filled.length && { credentials: Object.fromEntries(filled.map((name) => [name, keys[name] ?? ''])) }),
  })
  return (
    <div className={styles['columns']}>
      <Card>
        <DefinitionField draft={draft} fault={fault} isNew={!custom} />
        {failure !== null && !faults.length && <Trouble {...explainError(failure)} />}
        {ofDefinition.length > 0 && <Faults faults={ofDefinition} />}
      </Card>
      <Stack>
        <Card>
          <Stack gap="sm">
            <KeyFields fields={fields} keys={keys} setKeys={setKeys} isKept={custom !== undefined} faultAt={faultAt} />
            <Group>
              <Button variant="default" disabled={!definition} loading={trying} onClick={() => dryRun(given())}>
                Dry run
              </Button>
              <Button disabled={!definition} loading={saving} onClick={() => save(given())}>
                {custom ? 'Save' : 'Connect'}
              </Button>
            </Group>
            <p className={styles['soft']}>A dry run asks the device and shows what would be stored. Nothing is kept.</p>
          </Stack>
        </Card>
        <Card>
          <SampleField
            feeds={feeds}
            isReady={definition !== undefined}
            fault={faultAt('/sample')}
            read={(sample) => dryRun({ definition: definition ?? {}, ...sample })}
          />
        </Card>
      </Stack>
    </div>
  )
}

interface DefinitionFieldProps {
  draft: Draft
  fault: string | undefined
  isNew: boolean
}

function DefinitionField({ draft, fault, isNew }: DefinitionFieldProps) {
  const { text, write } = draft
  const read = async (file: File | null | undefined) => file && write(await file.text())
  return (
    <>
      <Group justify="space-between" mb="xs">
        <h2 className={own['title']}>Definition</h2>
        <Group gap="xs">
          <FileButton accept="application/json,.json" onChange={(file) => void read(file)}>
            {(props) => (
              <Button {...props} size="xs" variant="default" leftSection={<Icon name="upload" size={16} />}>
                Open a file
              </Button>
            )}
          </FileButton>
          {isNew && (
            <Button size="xs" variant="default" onClick={() => write(customExample)}>
              Start from an example
            </Button>
          )}
        </Group>
      </Group>
      {draft.isLeft && (
        <Group gap="xs" mb="xs">
          <span className={styles['soft']}>This is as you left it, not saved yet.</span>
          <Button size="compact-xs" variant="default" onClick={draft.discard}>
            Discard it
          </Button>
        </Group>
      )}
      <Textarea
        aria-label="Definition"
        description="JSON: paste it, or drop a file here."
        placeholder={customExample}
        autosize
        minRows={16}
        maxRows={32}
        spellCheck={false}
        classNames={{ input: own['code'] ?? '' }}
        value={text}
        error={text ? fault : undefined}
        onChange={(event) => write(event.currentTarget.value)}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          const [file] = event.dataTransfer.files
          if (!file) return
          event.preventDefault()
          void read(file)
        }}
      />
    </>
  )
}

interface KeyFieldsProps {
  fields: readonly (keyof typeof titles)[]
  keys: Readonly<Record<string, string>>
  setKeys(keys: Record<string, string>): void
  isKept: boolean
  faultAt(pointer: string): string | undefined
}

function KeyFields({ fields, keys, setKeys, isKept, faultAt }: KeyFieldsProps) {
  return (
    <>
      <h2 className={own['title']}>Key</h2>
      {fields.length === 0 && (
        <p className={styles['soft']}>
          This definition signs in nowhere. If the device wants a key, say how in <code>auth</code>.
        </p>
      )}
      <Stack gap="sm">
        {fields.map((name) => {
          const Field = name === 'secret' ? PasswordInput : TextInput
          return (
            <Field
              key={name}
              label={titles[name]}
              description={isKept && name === 'secret' ? 'Leave it empty to keep the one that is there.' : undefined}
              autoComplete="off"
              error={faultAt(`/credentials/${name}`)}
              value={keys[name] ?? ''}
              onChange={(event) => setKeys({ ...keys, [name]: event.currentTarget.value })}
            />
          )
        })}
      </Stack>
      {fields.length > 0 && (
        <p className={styles['soft']}>It is kept sealed, sent to this address alone, and never shown again.</p>
      )}
    </>
  )
}

interface SampleFieldProps {
  feeds: readonly string[]
  isReady: boolean
  fault: string | undefined
  read(sample: { sample: string; feed?: string }): void
}

/** For whoever has an answer at hand, and the device is not. */
function SampleField({ feeds, isReady, fault, read }: SampleFieldProps) {
  const [sample, setSample] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  const feed = chosen && feeds.includes(chosen) ? chosen : feeds[0]
  return (
    <>
      <h2 className={own['title']}>Without asking the device</h2>
      <Stack gap="sm">
        {feeds.length > 1 && <Select label="List" data={[...feeds]} value={feed ?? null} onChange={setChosen} />}
        <Textarea
          label="An answer of the device"
          placeholder={'{ "data": [ … ] }'}
          autosize
          minRows={4}
          maxRows={12}
          spellCheck={false}
          classNames={{ input: own['code'] ?? '' }}
          error={fault}
          value={sample}
          onChange={(event) => setSample(event.currentTarget.value)}
        />
        <Group>
          <Button
            variant="default"
            disabled={!isReady || !sample.trim()}
            onClick={() => read({ sample, ...(feed === undefined ? {} : { feed }) })}
          >
            Read this answer
          </Button>
        </Group>
      </Stack>
    </>
  )
}

type Fault = ProblemError['fields'][number]

const faultsOf = (failure: unknown): readonly Fault[] => (failure instanceof ProblemError ? failure.fields : [])

/** Where the definition is wrong, by the place in it. */
function Faults({ faults }: { faults: readonly Fault[] }) {
  return (
    <div role="alert" className={own['faults']}>
      <strong>
        {faults.length === 1 ? 'One thing is not right yet' : `${faults.length} things are not right yet`}
      </strong>
      <ul>
        {faults.map(({ pointer, detail }) => (
          <li key={`${pointer} ${detail}`}>
            <code>{pointer.replace(/^\/definition(?=\/)/, '')}</code> {detail}
          </li>
        ))}
      </ul>
    </div>
  )
}
