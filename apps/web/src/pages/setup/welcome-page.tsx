import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { client } from '../../api/client.ts'
import { demoQuery, meQuery } from '../../api/queries.ts'
import { Gate } from '../../app/gate.tsx'
import { LinkButton } from '../../app/link-button.tsx'
import { ProfileForm } from '../../forms/profile-form.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { Trouble } from '../../ui/trouble.tsx'
import { explainError } from '../../util/explain-error.ts'
import { type Place, path } from '../../util/path-builder.ts'
import { Steps } from './steps.tsx'
import styles from './welcome.module.css'

/** What comes after the account. Its step is in the address: a reload stays, and back goes back. */
export function WelcomePage() {
  const { step }: { step?: string } = useSearch({ strict: false })
  return step === 'begin' ? <Begin /> : <You />
}

function You() {
  const { data: me } = useSuspenseQuery(meQuery)
  const navigate = useNavigate()
  return (
    <Gate
      key="you"
      takesFocus
      above={<Steps current="you" />}
      title="How do you read your data?"
      lead="Taken from this browser. Correct what is not right; it can be changed at any time."
    >
      <ProfileForm me={me} submit="Save and go on" narrow onSaved={() => void navigate(path.welcome('begin'))} />
      <Skip place={path.welcome('begin')}>Skip this step</Skip>
    </Gate>
  )
}

function Begin() {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const demo = useMutation({
    mutationFn: () => client.createDemo(),
    onSuccess: async (made) => {
      queries.setQueryData(demoQuery.queryKey, made)
      await navigate(path.home())
    },
  })
  return (
    <Gate
      key="begin"
      takesFocus
      above={<Steps current="begin" />}
      title="What would you like to begin with?"
      lead="One is enough; the others are always there."
      foot={<Link {...path.welcome('you')}>← Back</Link>}
    >
      <ul className={styles['ways']}>
        <Way
          icon="upload"
          title="Import what you have"
          place={path.imports()}
          says="Exports of Apple Health, Google, Garmin, Strava and others, single files, tables"
        />
        <Way
          icon="devices"
          title="Add a device"
          place={path.newDevice()}
          says="A sensor or script that sends by itself"
        />
        <li>
          <button type="button" className={styles['way']} disabled={demo.isPending} onClick={() => demo.mutate()}>
            <WayWords
              icon="chart"
              title={demo.isPending ? 'Preparing demo data…' : 'Try it with demo data'}
              says="A year of somebody who does not exist. Marked everywhere, removed with one click"
            />
          </button>
        </li>
      </ul>
      {demo.isError && <Trouble {...explainError(demo.error)} />}
      <Skip place={path.home()}>Just look around</Skip>
    </Gate>
  )
}

function Skip({ place, children }: { place: Place; children: string }) {
  return (
    <LinkButton place={place} variant="subtle" fullWidth mt="sm">
      {children}
    </LinkButton>
  )
}

interface WayProps {
  icon: IconName
  title: string
  says: string
}

function Way({ place, ...words }: WayProps & { place: Place }) {
  return (
    <li>
      <Link {...place} className={styles['way']}>
        <WayWords {...words} />
      </Link>
    </li>
  )
}

function WayWords({ icon, title, says }: WayProps) {
  return (
    <>
      <span className={styles['icon']}>
        <Icon name={icon} size={22} />
      </span>
      <span className={styles['words']}>
        <strong>{title}</strong>
        <span>{says}</span>
      </span>
    </>
  )
}
