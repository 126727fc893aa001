import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { devicesQuery } from '../api/queries.ts'
import type { Device } from '../api/types.ts'
import { Answer } from '../app/answer.tsx'
import { LinkButton } from '../app/link-button.tsx'
import { useFormat } from '../app/reader.tsx'
import { DemoPill } from '../ui/demo-pill.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Page } from '../ui/page.tsx'
import { Pill } from '../ui/pill.tsx'
import { describeDevice, deviceIcon, statusWords } from '../util/device-words.ts'
import { path } from '../util/path-builder.ts'
import styles from './devices-page.module.css'

function NoDevices() {
  return (
    <EmptyState
      icon="devices"
      title="No devices yet"
      action={
        <>
          <LinkButton place={path.newDevice()}>Add your first device</LinkButton>
          <LinkButton place={path.imports()} variant="default">
            Import files instead
          </LinkButton>
        </>
      }
      preview={<GhostCard />}
    >
      A device is anything that measures: a watch, a scale, a chest strap, a script of your own. Once added, it stands
      here with its last data and its battery.
    </EmptyState>
  )
}

export function DevicesPage() {
  const devices = useQuery(devicesQuery)
  const has = devices.data && devices.data.length > 0
  return (
    <Page
      title="Devices"
      lead="Everything that measures you, and when it was last heard of."
      actions={
        has && (
          <LinkButton place={path.newDevice()} leftSection={<Icon name="plus" size={18} />}>
            Add device
          </LinkButton>
        )
      }
    >
      <Answer query={devices}>
        {(list) =>
          list.length === 0 ? (
            <NoDevices />
          ) : (
            <ul className={styles['list']}>
              {list.map((device) => (
                <li key={device.device_id}>
                  <DeviceCard device={device} />
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Page>
  )
}

function DeviceCard({ device }: { device: Device }) {
  const format = useFormat()
  const { word, tone } = statusWords[device.status]
  return (
    <Link {...path.device(device.device_id)} className={styles['card']}>
      <span className={styles['icon']}>
        <Icon name={deviceIcon(device)} size={24} />
      </span>
      <span className={styles['name']}>
        <strong>{device.device_name}</strong>
        <span className={styles['kind']}>{describeDevice(device)}</span>
        <span className={styles['marks']}>
          <Pill tone={tone}>{word}</Pill>
          <DemoPill isDemo={device.is_demo} />
        </span>
      </span>
      <span className={styles['facts']}>
        <Fact icon="clock">{device.last_seen ? `Last data ${format.since(device.last_seen)}` : 'No data yet'}</Fact>
        {device.battery_level !== null && (
          <Fact icon="battery">
            {device.battery_level}% battery{device.battery_level <= 20 ? ', low' : ''}
          </Fact>
        )}
        <Fact icon="key">{device.has_token ? 'Has a token' : 'No token'}</Fact>
      </span>
    </Link>
  )
}

function Fact({ icon, children }: { icon: IconName; children: React.ReactNode }) {
  return (
    <span className={styles['fact']}>
      <Icon name={icon} size={16} />
      <span>{children}</span>
    </span>
  )
}

/** What the first card will look like. */
function GhostCard() {
  return (
    <div className={styles['card']}>
      <span className={styles['icon']}>
        <Icon name="activity" size={24} />
      </span>
      <span className={styles['name']}>
        <strong>Chest strap</strong>
        <span className={styles['kind']}>Heart rate monitor</span>
        <span className={styles['marks']}>
          <Pill tone="good">Active</Pill>
        </span>
      </span>
      <span className={styles['facts']}>
        <Fact icon="clock">Last data 2 minutes ago</Fact>
        <Fact icon="battery">84% battery</Fact>
      </span>
    </div>
  )
}
