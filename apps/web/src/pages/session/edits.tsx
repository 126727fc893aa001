import { Button, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import type { Session } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { SessionEditForm } from '../../forms/session-edit-form.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Card, Section } from '../../ui/page.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { explainError } from '../../util/explain-error.ts'
import type { Format } from '../../util/format.ts'
import { activityWords, totalTitle } from '../../util/session-words.ts'
import { type Edit, editsOf, takingBack } from './edits-of.ts'
import styles from './records.module.css'

export function EditSession({ session }: { session: Session }) {
  const [opened, { open, close }] = useDisclosure(false)
  const keep = useKeep(session)
  return (
    <>
      <Button variant="default" leftSection={<Icon name="edit" size={18} />} onClick={open}>
        Edit
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        size="lg"
        title={<strong>Edit this session</strong>}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <SessionEditForm
          session={session}
          onSaved={async (changed) => {
            await keep(changed)
            close()
            notifications.show({ message: 'Saved. What the source said is kept.' })
          }}
        />
      </Modal>
    </>
  )
}

/** The answer to a change is the session as it is now; lists and days are asked again. */
function useKeep({ session_id }: Session) {
  const queries = useQueryClient()
  return async (changed: Session) => {
    queries.setQueryData(['session', session_id], changed)
    await Promise.all(['sessions', 'days', 'plans'].map((key) => queries.invalidateQueries({ queryKey: [key] })))
  }
}

/** What the person changed, what the source had said, and the way back. */
export function Edits({ session }: { session: Session }) {
  const edits = editsOf(session)
  const keep = useKeep(session)
  const takeBack = useMutation({
    mutationFn: (back: readonly Edit[]) =>
      client.updateSession({ params: { session_id: session.session_id }, body: takingBack(back) }),
    onSuccess: keep,
  })
  const format = useFormat()
  if (edits.length === 0) return null
  return (
    <Section
      title="Changed by you"
      lead="What the source said is kept beside it."
      actions={
        edits.length > 1 && (
          <Button variant="default" size="xs" loading={takeBack.isPending} onClick={() => takeBack.mutate(edits)}>
            Take all back
          </Button>
        )
      }
    >
      {takeBack.isError && <Trouble {...explainError(takeBack.error)} />}
      <Card flush>
        <ul className={styles['records']}>
          {edits.map((edit) => (
            <li key={edit.name} className={styles['record']}>
              <span className={styles['main']}>
                <strong>
                  {titleOf(edit)}: {wordsOf(edit, edit.now, format)}
                </strong>
                <span className={styles['soft']}>The source says: {wordsOf(edit, edit.before, format)}</span>
              </span>
              <Button
                variant="default"
                size="xs"
                leftSection={<Icon name="reset" size={16} />}
                disabled={takeBack.isPending}
                onClick={() => takeBack.mutate([edit])}
                aria-label={`Take back: ${titleOf(edit)}`}
              >
                Take back
              </Button>
            </li>
          ))}
        </ul>
      </Card>
    </Section>
  )
}

const titleOf = ({ name, isFigure }: Edit) => (isFigure ? totalTitle(name) : name === 'title' ? 'Title' : 'Activity')

function wordsOf({ name, isFigure }: Edit, value: string | number | null, format: Format): string {
  if (value === null) return 'nothing'
  if (isFigure) return format.total(name, Number(value))
  return name === 'activity' ? activityWords(String(value)) : `“${value}”`
}
