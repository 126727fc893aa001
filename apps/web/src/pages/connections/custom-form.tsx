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

export interface Given {
  definition: Record<string, unknown>
  credentials?: Record<string, string>
}

interface CustomFormProps {
  custom: CustomApi | undefined
  dryRun(given: Given & { sample?: string; feed?: string }): void
  save(given: Given): void
  trying: boolean
  saving: boolean
  failure: unknown
}

const titles = { user: 'User name', secret: 'Key or token' } as const

export function CustomForm({ custom, dryRun, save, trying, saving, failure }: CustomFormProps) {
  const [text, setText] = useState(() => (custom ? JSON.stringify(custom.definition, null, 2) : ''))
  const [keys, setKeys] = useState<Record<string, string>>({})
  const { definition, credentials: fields, feeds, fault } = sketchOf(text)
  const filled = fields.filter((name) => keys[name]?.trim())
  const given = (): Given => ({
    definition: definition ?? {},
    ...(filled.length && { credentials: Object.fromEntries(filled.map((name) => [name, keys[name] ?? ''])) }),
  })
  return (
    <div className={styles['columns']}>
      <Card>
        <DefinitionField text={text} setText={setText} fault={fault} isNew={!custom} />
        <Faults failure={failure} />
      </Card>
      <Stack>
        <Card>
          <Stack gap="sm">
            <KeyFields fields={fields} keys={keys} setKeys={setKeys} isKept={custom !== undefined} />
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
            read={(sample) => dryRun({ definition: definition ?? {}, ...sample })}
          />
        </Card>
      </Stack>
    </div>
  )
}

interface DefinitionFieldProps {
  text: string
  setText(text: string): void
  fault: string | undefined
  isNew: boolean
}

function DefinitionField({ text, setText, fault, isNew }: DefinitionFieldProps) {
  const read = async (file: File | null | undefined) => file && setText(await file.text())
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
            <Button size="xs" variant="default" onClick={() => setText(customExample)}>
              Start from an example
            </Button>
          )}
        </Group>
      </Group>
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
        onChange={(event) => setText(event.currentTarget.value)}
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
}

function KeyFields({ fields, keys, setKeys, isKept }: KeyFieldsProps) {
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
  read(sample: { sample: string; feed?: string }): void
}

/** For whoever has an answer at hand, and the device is not. */
function SampleField({ feeds, isReady, read }: SampleFieldProps) {
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

/** Where the definition is wrong, by the place in it. */
function Faults({ failure }: { failure: unknown }) {
  if (!failure) return null
  const fields = failure instanceof ProblemError ? failure.fields : []
  if (!fields.length) return <Trouble {...explainError(failure)} />
  return (
    <div role="alert" className={own['faults']}>
      <strong>
        {fields.length === 1 ? 'One thing is not right yet' : `${fields.length} things are not right yet`}
      </strong>
      <ul>
        {fields.map(({ pointer, detail }) => (
          <li key={`${pointer} ${detail}`}>
            <code>{pointer.replace(/^\/definition(?=\/)/, '')}</code> {detail}
          </li>
        ))}
      </ul>
    </div>
  )
}
