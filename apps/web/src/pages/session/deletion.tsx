import { Button, Group, Modal, Radio, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Session } from '../../api/types.ts'
import { Icon } from '../../ui/icon.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { explainError } from '../../util/explain-error.ts'
import { path } from '../../util/path-builder.ts'
import { sessionTitle } from '../../util/session-words.ts'
import { type Deleted, deleteSession, undoDeletion } from './undo-deletion.ts'

export function DeleteSession({ session }: { session: Session }) {
  const [opened, { open, close }] = useDisclosure(false)
  const [records, setRecords] = useState<'all' | 'one'>(session.superseded_by ? 'one' : 'all')
  const queries = useQueryClient()
  const navigate = useNavigate()
  const remove = useMutation({
    mutationFn: () => deleteSession(session, session.records.length > 1 ? records : 'all'),
    onSuccess: async (deleted) => {
      await navigate(path.sessions())
      queries.removeQueries({ queryKey: ['session'] })
      await queries.invalidateQueries()
      offerUndo(sessionTitle(session), deleted, async (restored) => {
        await queries.invalidateQueries()
        if (restored) await navigate(path.session(restored))
      })
    },
  })
  return (
    <>
      <Button variant="default" leftSection={<Icon name="trash" size={18} />} onClick={open}>
        Delete…
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={<strong>Delete {sessionTitle(session)}</strong>}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Stack>
          {session.records.length > 1 ? (
            <Radio.Group
              label="What is to go?"
              value={records}
              onChange={(value) => setRecords(value === 'one' ? 'one' : 'all')}
            >
              <Stack mt="xs" gap="xs">
                <Radio
                  value="all"
                  label={`The session, with all ${session.records.length} records`}
                  description="Nothing of it is left in lists and sums."
                />
                <Radio
                  value="one"
                  label={`Only the record of ${session.source.name}`}
                  description="What the others tell of it is shown instead."
                />
              </Stack>
            </Radio.Group>
          ) : (
            <p style={{ margin: 0 }}>It goes from lists and sums.</p>
          )}
          <p style={{ margin: 0, color: 'var(--ink-soft)' }}>
            It stays away when its source sends it again. You can undo this right after.
          </p>
          {remove.isError && <Trouble {...explainError(remove.error)} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Keep it
            </Button>
            <Button color="red.8" loading={remove.isPending} onClick={() => remove.mutate()}>
              Delete
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}

function offerUndo(title: string, deleted: Deleted, onUndone: (restored: string | undefined) => Promise<void>): void {
  const id = `deleted-${deleted.suppressionIds[0] ?? title}`
  const undo = async () => {
    notifications.update({ id, message: `Bringing ${title} back …`, loading: true, autoClose: false })
    try {
      const restored = await undoDeletion(deleted)
      await onUndone(restored)
      const message = restored
        ? `${title} is back`
        : `${title} is let in again: it returns when its source next sends it.`
      notifications.update({ id, message, loading: false, autoClose: 8_000 })
    } catch (error) {
      notifications.update({ id, message: explainError(error).sentence, loading: false, autoClose: false })
    }
  }
  notifications.show({
    id,
    autoClose: 20_000,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <span>{title} was deleted</span>
        <Button size="xs" variant="light" onClick={() => void undo()}>
          Undo
        </Button>
      </Group>
    ),
  })
}
