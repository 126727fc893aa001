import { Button, NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { activityTypes } from '@tributary/protocol'
import { useEffect, useState } from 'react'
import { sessionsQuery } from '../../api/queries.ts'
import type { Session } from '../../api/types.ts'
import { useFormat } from '../../app/reader.tsx'
import { Icon } from '../../ui/icon.tsx'
import { type Format, hoursAndMinutes } from '../../util/format.ts'
import type { SessionSearch } from '../../util/path-builder.ts'
import { activityWords } from '../../util/session-words.ts'
import { amountOf } from './question.ts'
import styles from './sessions.module.css'

interface FiltersProps {
  search: SessionSearch
  /** What is loaded already: its activities and sources are offered first. */
  known: readonly Session[]
  onSearch: (search: SessionSearch) => void
}

const kindChoices = [
  { value: 'all', label: 'All' },
  { value: 'workout', label: 'Workouts' },
  { value: 'sleep', label: 'Sleep' },
  { value: 'meditation', label: 'Calm' },
  { value: 'ecg', label: 'ECG' },
]

/** Kind and words are at hand, the rest behind a button; all of it stands in the address. */
export function Filters({ search, known, onSearch }: FiltersProps) {
  const { kind: _, q: __, ...rest } = search
  const [isOpen, { toggle }] = useDisclosure(Object.keys(rest).length > 0)
  const change = (part: SessionSearch) => onSearch(withoutBlanks({ ...search, ...part }))
  return (
    <div className={styles['filters']}>
      <div className={styles['first']}>
        <SegmentedControl
          className={styles['kinds'] ?? ''}
          aria-label="Kind of session"
          data={kindChoices}
          value={search.kind ?? 'all'}
          onChange={(kind) => change({ kind: kind === 'all' ? '' : kind })}
        />
        <Words value={search.q ?? ''} onWords={(q) => change({ q })} />
        <Button
          variant="default"
          leftSection={<Icon name="settings" size={18} />}
          aria-expanded={isOpen}
          onClick={toggle}
        >
          Filters
        </Button>
      </div>
      {isOpen && <Fields search={search} known={known} onChange={change} />}
      <Chosen search={search} known={known} onChange={change} onClear={() => onSearch({})} />
    </div>
  )
}

/** Asks when the typing pauses; follows the address when that changes by other means. */
function Words({ value, onWords }: { value: string; onWords: (words: string) => void }) {
  const [typed, setTyped] = useState(value)
  const ask = useDebouncedCallback(onWords, 300)
  useEffect(() => setTyped(value), [value])
  return (
    <TextInput
      className={styles['words'] ?? ''}
      aria-label="Words of the title"
      placeholder="Search titles"
      leftSection={<Icon name="search" size={18} />}
      type="search"
      value={typed}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value)
        ask(currentTarget.value.trim())
      }}
    />
  )
}

interface FieldsProps {
  search: SessionSearch
  known: readonly Session[]
  onChange: (part: SessionSearch) => void
}

function Fields({ search, known, onChange }: FieldsProps) {
  const format = useFormat()
  const sources = useSources(known)
  const way = format.measure('distance')
  const metresOf = (shown: number) => shown / way.from(1)
  const shownOf = (metres: string | undefined) => (metres ? Math.round(way.from(amountOf(metres)) * 100) / 100 : '')
  return (
    <div className={styles['fields']}>
      <Select
        label="Activity"
        data={activityChoices(known)}
        value={search.activity ?? null}
        onChange={(activity) => onChange({ activity: activity ?? '' })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Any activity' }}
        placeholder="Any"
        nothingFoundMessage="No activity of that name"
      />
      <Select
        label="Source"
        data={sources}
        value={search.source ?? null}
        onChange={(source) => onChange({ source: source ?? '' })}
        clearable
        clearButtonProps={{ 'aria-label': 'Any source' }}
        placeholder="Any"
      />
      <TextInput
        label="From"
        type="date"
        value={search.from ?? ''}
        onChange={({ currentTarget }) => onChange({ from: currentTarget.value })}
      />
      <TextInput
        label="To"
        type="date"
        value={search.to ?? ''}
        onChange={({ currentTarget }) => onChange({ to: currentTarget.value })}
      />
      <NumberInput
        label={`At least, ${way.label}`}
        min={0}
        value={shownOf(search.distance)}
        onChange={(value) => onChange({ distance: Number(value) > 0 ? `${Math.round(metresOf(Number(value)))}m` : '' })}
        hideControls
        placeholder="Any distance"
      />
      <NumberInput
        label="At least, minutes"
        min={0}
        value={search.duration ? Math.round(amountOf(search.duration) / 60) : ''}
        onChange={(value) => onChange({ duration: Number(value) > 0 ? `${Number(value) * 60}s` : '' })}
        hideControls
        placeholder="Any length"
      />
    </div>
  )
}

/** What there is stands first. */
function activityChoices(known: readonly Session[]) {
  const has = [...new Set(known.flatMap(({ activity }) => activity ?? []))]
  const item = (value: string) => ({ value, label: activityWords(value) })
  const rest = activityTypes.filter((activity) => !has.includes(activity))
  const groups = [
    { group: 'In this list', items: has.map(item) },
    { group: 'All', items: rest.map(item) },
  ]
  return groups.filter(({ items }) => items.length > 0)
}

/** Sources of the newest sessions, whatever is filtered now. */
function useSources(known: readonly Session[]) {
  const newest = useQuery(sessionsQuery({ limit: 200 })).data?.items ?? []
  const names = new Map(
    [...known, ...newest].flatMap(({ records }) =>
      records.map(({ source }) => [source.source_id, source.name] as const),
    ),
  )
  return [...names].map(([value, label]) => ({ value, label })).sort((a, b) => a.label.localeCompare(b.label))
}

/** Each filter by itself, to be taken away; seen also when the fields are folded. */
function Chosen({ search, known, onChange, onClear }: FieldsProps & { onClear: () => void }) {
  const format = useFormat()
  const chosen = (Object.keys(search) as (keyof SessionSearch)[]).filter((name) => name !== 'kind')
  if (chosen.length === 0) return null
  return (
    <ul className={styles['chosen']} aria-label="Filters in use">
      {chosen.map((name) => (
        <li key={name}>
          <button type="button" className={styles['chip']} onClick={() => onChange({ [name]: '' })}>
            <span className="visually-hidden">Take away: </span>
            {chosenWords(name, search[name] ?? '', known, format)}
            <Icon name="close" size={14} />
          </button>
        </li>
      ))}
      <li>
        <button type="button" className={styles['clear']} onClick={onClear}>
          Clear all
        </button>
      </li>
    </ul>
  )
}

function chosenWords(name: keyof SessionSearch, value: string, known: readonly Session[], format: Format): string {
  const day = (text: string) => format.date(`${text}T12:00Z`)
  if (name === 'activity') return activityWords(value)
  if (name === 'from') return `From ${Number.isNaN(Date.parse(value)) ? value : day(value)}`
  if (name === 'to') return `To ${Number.isNaN(Date.parse(value)) ? value : day(value)}`
  if (name === 'q') return `“${value}”`
  if (name === 'distance') return `At least ${format.total('distance', amountOf(value))}`
  if (name === 'duration') return `At least ${hoursAndMinutes(amountOf(value))}`
  const sources = known.flatMap(({ records }) => records.map(({ source }) => source))
  return sources.find(({ source_id }) => source_id === value)?.name ?? 'One source'
}

function withoutBlanks(search: SessionSearch): SessionSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value))
}
