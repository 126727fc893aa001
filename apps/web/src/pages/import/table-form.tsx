import { SegmentedControl, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { catalogue, isMetric, metricIds, unitsOf } from '@tributary/protocol'
import { client } from '../../api/client.ts'
import type { NewCsvMapping, Table } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { needed } from '../../forms/checks.ts'
import { FormFrame } from '../../forms/form-frame.tsx'
import { useRefusal } from '../../forms/use-refusal.ts'
import { Card, Section } from '../../ui/page.tsx'
import { sentenceCase } from '../../util/device-words.ts'
import { metricTitle } from '../../util/metric-words.ts'
import { path } from '../../util/path-builder.ts'
import { timeZones } from '../../util/time-zones.ts'
import { ReadingOfRows } from './reading-of-rows.tsx'
import styles from './table-form.module.css'

type TimeFormat = NewCsvMapping['time']['format']

const timeFormats: readonly { value: TimeFormat; label: string }[] = [
  { value: 'iso', label: 'Year-month-day, as machines write: 2024-03-12' },
  { value: 'ymd', label: 'Year, month, day: 2024/03/12' },
  { value: 'dmy', label: 'Day, month, year: 12.03.2024' },
  { value: 'mdy', label: 'Month, day, year: 03/12/2024' },
  { value: 'unix', label: 'Seconds since 1970: 1710230400' },
  { value: 'unix_ms', label: 'Milliseconds since 1970: 1710230400000' },
  { value: 'excel', label: 'Days as spreadsheets count: 45363.5' },
]

/** They say by themselves where they were. */
const worldFormats: readonly string[] = ['unix', 'unix_ms']

/** Everything that is a number, by the groups of the catalogue. */
const metricChoices = Object.entries(
  Object.groupBy(
    metricIds.filter((metric) => !catalogue[metric].words),
    (metric) => catalogue[metric].group,
  ),
).map(([group, metrics]) => ({
  group: sentenceCase(group),
  items: (metrics ?? []).map((value) => ({ value, label: metricTitle(value) })),
}))

interface TableFormProps {
  table: Table
  importId: string
  name: string
}

type Values = ReturnType<typeof guessedValues>

/** What the server guessed is chosen already; the person only says what it could not know. */
function guessedValues({ columns, guess }: Table, name: string, timeZone: string) {
  return {
    name: name.replace(/\.\w+$/, ''),
    time_column: guess?.time.column ?? columns[0] ?? '',
    format: guess?.time.format ?? ('iso' as TimeFormat),
    of_day_column: guess?.time.time_column ?? null,
    time_zone: guess?.time.time_zone ?? timeZone,
    decimal: guess?.decimal ?? ('.' as const),
    values: columns.map((column) => {
      const found = guess?.values.find((value) => value.column === column)
      return { column, metric: found?.metric ?? null, unit: found?.unit ?? ownUnit(found?.metric) }
    }),
  }
}

const ownUnit = (metric: string | undefined): string | null =>
  metric !== undefined && isMetric(metric) ? catalogue[metric].unit : null

/** Mirrors the form; columns that are the time are no values. */
function toMapping(values: Values, { columns, delimiter }: Table): Omit<NewCsvMapping, 'source_name'> {
  const { time_column, format, of_day_column, time_zone, decimal } = values
  return {
    name: values.name.trim(),
    columns: [...columns],
    delimiter: delimiter as NewCsvMapping['delimiter'],
    time: {
      column: time_column,
      format,
      ...(of_day_column && { time_column: of_day_column }),
      ...(!worldFormats.includes(format) && { time_zone }),
    },
    decimal,
    values: values.values.flatMap(({ column, metric, unit }) =>
      metric && column !== time_column && column !== of_day_column ? [{ column, metric, ...(unit && { unit }) }] : [],
    ),
  }
}

export function TableForm({ table, importId, name }: TableFormProps) {
  const { columns, rows } = table
  const format = useFormat()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const form = useForm<Values>({
    initialValues: guessedValues(table, name, format.timeZone),
    validate: {
      name: needed('A name'),
      values: (_, values) =>
        toMapping(values, table).values.length > 0 ? null : 'Say of at least one column what it is',
    },
  })
  const refusal = useRefusal(form)
  const save = form.onSubmit((values) =>
    refusal.attempt(async () => {
      await client.createCsvMapping({ body: toMapping(values, table) })
      notifications.show({ message: 'Saved. The table is being read.' })
      await navigate(path.imports(importId))
      await queries.invalidateQueries({ queryKey: ['imports'] })
      await queries.invalidateQueries({ queryKey: ['csv-mappings'] })
    }),
  )
  const { values } = form
  const mapping = toMapping(values, table)
  return (
    <FormFrame refusal={refusal} onSubmit={save} submit="Read the table" wide={false}>
      <Section title="When">
        <Card>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <Select
              label="Column with the time"
              data={[...columns]}
              allowDeselect={false}
              {...form.getInputProps('time_column')}
            />
            <Select
              label="It is written as"
              data={[...timeFormats]}
              allowDeselect={false}
              {...form.getInputProps('format')}
            />
            <Select
              label="Column with the time of day"
              description="Only when date and time stand apart"
              placeholder="None"
              data={columns.filter((column) => column !== values.time_column)}
              clearable
              clearButtonProps={{ 'aria-label': 'None' }}
              {...form.getInputProps('of_day_column')}
            />
            {!worldFormats.includes(values.format) && (
              <Select
                label="Time zone"
                description="Where the clock hung"
                data={[...new Set([values.time_zone, ...timeZones])]}
                searchable
                allowDeselect={false}
                {...form.getInputProps('time_zone')}
              />
            )}
          </SimpleGrid>
        </Card>
      </Section>
      <Section title="What">
        <Card>
          <Stack gap="lg">
            <div>
              <span className={styles['label']} id="decimal">
                Numbers are written
              </span>
              <SegmentedControl
                aria-labelledby="decimal"
                data={[
                  { value: '.', label: '74.2' },
                  { value: ',', label: '74,2' },
                ]}
                {...form.getInputProps('decimal')}
              />
            </div>
            {values.values.map(({ column, metric }, at) =>
              column === values.time_column || column === values.of_day_column ? null : (
                <ColumnFields
                  key={column}
                  column={column}
                  metric={metric}
                  example={rows.map((row) => row[at] ?? '').find((cell) => cell.trim())}
                  metricProps={{
                    ...form.getInputProps(`values.${at}.metric`),
                    onChange: (chosen) => {
                      form.setFieldValue(`values.${at}.metric`, chosen)
                      form.setFieldValue(`values.${at}.unit`, ownUnit(chosen ?? undefined))
                      form.clearFieldError('values')
                    },
                  }}
                  unitProps={form.getInputProps(`values.${at}.unit`)}
                />
              ),
            )}
            {form.errors['values'] && (
              <p className={styles['error']} role="alert">
                {form.errors['values']}
              </p>
            )}
          </Stack>
        </Card>
      </Section>
      <Section title="How it will be read">
        <Card>
          <ReadingOfRows columns={columns} rows={rows} mapping={mapping} />
        </Card>
      </Section>
      <Card>
        <TextInput label="Name of this kind of table" maw={420} {...form.getInputProps('name')} />
      </Card>
    </FormFrame>
  )
}

interface ColumnFieldsProps {
  column: string
  metric: string | null
  example: string | undefined
  metricProps: { value?: string | null; onChange: (value: string | null) => void }
  unitProps: { value?: string | null; onChange: (value: string | null) => void }
}

function ColumnFields({ column, metric, example, metricProps, unitProps }: ColumnFieldsProps) {
  return (
    <div className={styles['column']}>
      <p className={styles['name']}>
        <strong>{column}</strong>
        {example && <span>such as {example}</span>}
      </p>
      <Select
        label={`What ${column} is`}
        placeholder="Nothing: leave it out"
        data={metricChoices}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': `Leave ${column} out` }}
        nothingFoundMessage="Nothing is called that"
        onClick={({ currentTarget }) => currentTarget.select()}
        {...metricProps}
      />
      {metric && isMetric(metric) && (
        <Select
          label="In"
          aria-label={`Unit of ${column}`}
          data={unitsOf(metric)}
          allowDeselect={false}
          {...unitProps}
        />
      )}
    </div>
  )
}
