import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { client } from '../../api/client.ts'
import { customApiQuery } from '../../api/queries.ts'
import type { CustomApi } from '../../api/types.ts'
import { Answer } from '../../app/answer.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Page } from '../../ui/page.tsx'
import { sketchOf } from '../../util/custom-definition.ts'
import { path } from '../../util/path-builder.ts'
import { CustomForm, type Given } from './custom-form.tsx'
import { DryRunResult } from './dry-run-result.tsx'
import { useDraft } from './use-draft.ts'

/** A device that no brand stands for: what its person says of it, tried before it is connected. */
export function CustomPage() {
  const { api }: { api?: string } = useSearch({ strict: false })
  return api ? <Existing id={api} /> : <Frame />
}

function Existing({ id }: { id: string }) {
  const found = useQuery(customApiQuery(id))
  return <Answer query={found}>{(custom) => <Frame key={custom.updated_at} custom={custom} />}</Answer>
}

function Frame({ custom }: { custom?: CustomApi }) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const draft = useDraft(
    `custom-api:${custom?.custom_api_id ?? 'new'}`,
    custom ? JSON.stringify(custom.definition, null, 2) : '',
  )
  const dryRun = useMutation({
    mutationFn: (given: Given & { sample?: string; feed?: string }) =>
      client.dryRunCustomApi({ body: { ...given, ...(custom && { custom_api_id: custom.custom_api_id }) } }),
  })
  const save = useMutation({
    mutationFn: (body: Given) =>
      custom
        ? client.putCustomApi({ params: { custom_api_id: custom.custom_api_id }, body })
        : client.createCustomApi({ body }),
    onSuccess: async () => {
      draft.forget()
      await queries.invalidateQueries({ queryKey: ['connections'] })
      if (custom) queries.removeQueries({ queryKey: ['custom-apis'] })
      await navigate(path.connections(custom ? undefined : 'custom'))
    },
  })
  const tried = JSON.stringify(dryRun.variables?.definition)
  return (
    <Page
      title={custom?.name ?? 'A device with its own API'}
      lead="Say where it is asked and which of its fields is which metric, unit and time. It is asked by this hub, at its own address and nowhere else."
      above={
        <Link {...path.connections()}>
          <Icon name="left" size={16} /> Connections
        </Link>
      }
    >
      <CustomForm
        custom={custom}
        draft={draft}
        dryRun={(given) => {
          save.reset()
          dryRun.mutate(given)
        }}
        save={(given) => {
          dryRun.reset()
          save.mutate(given)
        }}
        trying={dryRun.isPending}
        saving={save.isPending}
        failure={dryRun.error ?? save.error}
      />
      {dryRun.data && (
        <DryRunResult run={dryRun.data} isOfAnother={tried !== JSON.stringify(sketchOf(draft.text).definition)} />
      )}
    </Page>
  )
}
