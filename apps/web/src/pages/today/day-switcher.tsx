import { ActionIcon, Button, TextInput } from '@mantine/core'
import { Icon } from '../../ui/icon.tsx'
import { addDays, isDate } from '../../util/local-days.ts'
import styles from './day-switcher.module.css'

interface DaySwitcherProps {
  date: string
  today: string
  onDate: (date: string) => void
}

export function DaySwitcher({ date, today, onDate }: DaySwitcherProps) {
  const choose = (chosen: string) => {
    if (isDate(chosen) && chosen <= today) onDate(chosen)
  }
  return (
    <div className={styles['switcher']}>
      <ActionIcon variant="default" size={36} aria-label="The day before" onClick={() => choose(addDays(date, -1))}>
        <Icon name="left" size={18} />
      </ActionIcon>
      <TextInput
        key={date}
        type="date"
        aria-label="Day"
        defaultValue={date}
        max={today}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      <ActionIcon
        variant="default"
        size={36}
        aria-label="The day after"
        disabled={date >= today}
        onClick={() => choose(addDays(date, 1))}
      >
        <Icon name="right" size={18} />
      </ActionIcon>
      {date !== today && (
        <Button variant="default" onClick={() => choose(today)}>
          Today
        </Button>
      )}
    </div>
  )
}
