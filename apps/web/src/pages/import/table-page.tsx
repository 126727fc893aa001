import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { importQuery, tableQuery } from '../../api/queries.ts'
import { Answer } from '../../app/answer.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Card, Page, Section } from '../../ui/page.tsx'
import { path } from '../../util/path-builder.ts'
import { TableForm } from './table-form.tsx'

const rowsShown = 6

/** A table that waits: the person says which column is the time and what the others are. */
export function TablePage() {
  const params: { importId?: string; position?: string } = useParams({ strict: false })
  const importId = params.importId ?? ''
  const position = Number(params.position)
  const table = useQuery(tableQuery(importId, position))
  const name = useQuery(importQuery(importId)).data?.files.find((file) => file.position === position)?.name
  return (
    <Page
      above={<Link {...path.imports(importId)}>← Import</Link>}
      title={name ?? 'A table'}
      lead="What do its columns say? You are asked once: the next table with the same names is read by itself."
    >
      <Answer query={table}>
        {(found) => (
          <>
            <Section title="Its first rows">
              <Card flush>
                <DataTable
                  caption="The first rows of the table"
                  columns={found.columns.map((title, at) => ({
                    title,
                    cell: (row: readonly string[]) => row[at] ?? '',
                  }))}
                  rows={found.rows.slice(0, rowsShown)}
                  keyOf={(_, index) => String(index)}
                />
              </Card>
            </Section>
            <TableForm table={found} importId={importId} name={name ?? 'Table'} />
          </>
        )}
      </Answer>
    </Page>
  )
}
