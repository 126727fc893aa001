import { Button, Popover, Skeleton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { MetricId } from '@tributary/protocol'
import { whyQuery } from '../../api/queries.ts'
import type { DayWhy } from '../../api/types.ts'
import { Answer } from '../../app/answer.tsx'
import { useFormat } from '../../app/reader.tsx'
import { Icon } from '../../ui/icon.tsx'
import { dayWords } from '../../util/local-days.ts'
import styles from './why-button.module.css'

interface WhyButtonProps {
  metric: MetricId
  title: string
  date: string
}

/** Where a number comes from: who had something to say, and by which rule one of them is shown. */
export function WhyButton({ metric, title, date }: WhyButtonProps) {
  const [isOpen, { toggle, close }] = useDisclosure(false)
  const why = useQuery({ ...whyQuery(metric, date), enabled: isOpen })
  return (
    <Popover
      opened={isOpen}
      onDismiss={close}
      onClose={close}
      trapFocus
      width="min(340px, calc(100vw - 24px))"
      position="bottom"
      shadow="md"
      withinPortal
    >
      <Popover.Target>
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={toggle}
          aria-label={`Where from? ${title}`}
          className={styles['button'] ?? ''}
        >
          Where from?
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={`Where ${title} comes from`}>
        <div className={styles['why']} tabIndex={-1} data-autofocus>
          <Answer query={why} loading={<Skeleton height={96} radius={10} />}>
            {(answer) => <Explained title={title} why={answer} metric={metric} />}
          </Answer>
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

function Explained({
  title,
  why: { date, rule, candidates },
  metric,
}: {
  title: string
  why: DayWhy
  metric: MetricId
}) {
  const format = useFormat()
  const words = dayWords(format.locale, date)
  return (
    <>
      <h3 className={styles['title']}>
        {title}, {words.full(date)}
      </h3>
      <ul className={styles['candidates']}>
        {candidates.map(({ source, value, n, stated, coverage, is_winner }) => (
          <li key={source.source_id} data-winner={is_winner}>
            <span className={styles['mark']}>{is_winner && <Icon name="check" size={16} />}</span>
            <span>
              <strong>{source.name}</strong>
              {is_winner && <span className="visually-hidden"> is shown</span>}
              <span className={styles['how']}>
                {stated ? 'says so for the day' : `from ${format.number(n)} ${n === 1 ? 'value' : 'values'}`}
                {coverage !== null && coverage > 0 && `, ${format.number(coverage * 100)}% of the day`}
              </span>
            </span>
            <span className={styles['value']}>{format.value(metric, value)}</span>
          </li>
        ))}
      </ul>
      <p className={styles['rule']}>{rule}</p>
    </>
  )
}
