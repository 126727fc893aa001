import { Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { batchesQuery, deviceHealthQuery, deviceQuery, latestQuery } from '../api/queries.ts'
import type { Batch, Device, DeviceHealth, Latest } from '../api/types.ts'
import { Answer } from '../app/answer.tsx'
import { LinkButton } from '../app/link-button.tsx'
import { useFormat } from '../app/reader.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { DemoPill } from '../ui/demo-pill.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { LoadingTiles } from '../ui/loading.tsx'
import { Card, Page, Section } from '../ui/page.tsx'
import { Pill } from '../ui/pill.tsx'
import { Tile, Tiles } from '../ui/tile.tsx'
import { describeDevice, healthWords, integrationWords } from '../util/device-words.ts'
import type { Format } from '../util/format.ts'
import { latestWords, metricTitle } from '../util/metric-words.ts'
import { path } from '../util/path-builder.ts'
import { DeleteData, RemoveDevice } from './device/removal.tsx'
import { SyncNow } from './device/sync-now.tsx'
import { DeviceToken } from './device/token.tsx'

export function DevicePage() {
  const { deviceId }: { deviceId: string } = useParams({ strict: false })
  const device = useQuery(deviceQuery(deviceId))
  return (
    <Answer query={device}>
      {(found) => (
        <Page
          title={found.device_name}
          lead={describeDevice(found)}
          above={<Link {...path.devices()}>← Devices</Link>}
          actions={<DemoPill isDemo={found.is_demo} />}
        >
          <SyncNow device={found} />
          <Health device={found} />
          <LatestValues device={found} />
          <DeviceToken device={found} />
          <Uploads device={found} />
          <About device={found} />
          <Section title="Clearing up">
            <Card>
              <Group>
                <DeleteData device={found} />
                <RemoveDevice device={found} />
              </Group>
            </Card>
          </Section>
        </Page>
      )}
    </Answer>
  )
}

function Health({ device }: { device: Device }) {
  const health = useQuery(deviceHealthQuery(device.device_id))
  return (
    <Section title="How it is doing">
      <Answer query={health} loading={<LoadingTiles tiles={4} />}>
        {(found) => <HealthTiles health={found} />}
      </Answer>
    </Section>
  )
}

function HealthTiles({ health }: { health: DeviceHealth }) {
  const format = useFormat()
  const { word, tone } = healthWords[health.status]
  const notes = [...health.errors, ...health.warnings]
  return (
    <>
      <Tiles>
        <Tile label="State" value={<Pill tone={tone}>{word}</Pill>} />
        <Tile
          label="Last data"
          value={health.last_seen ? format.since(health.last_seen) : 'Never'}
          note={health.last_seen && format.dateTime(health.last_seen)}
        />
        {health.battery_level !== null && (
          <Tile
            label="Battery"
            value={`${health.battery_level}%`}
            note={health.battery_level <= 20 ? 'Charge it soon' : undefined}
          />
        )}
        {health.signal_strength !== null && <Tile label="Signal" value={health.signal_strength} />}
        {health.temperature !== null && (
          <Tile label="Its temperature" value={format.value('ambient_temperature', health.temperature)} />
        )}
        {health.firmware_version !== null && <Tile label="Firmware" value={health.firmware_version} />}
      </Tiles>
      {notes.length > 0 && (
        <Card>
          <ul style={{ margin: 0, paddingInlineStart: 20 }}>
            {notes.map(({ at, text }) => (
              <li key={`${at} ${text}`}>
                {text} ({format.dateTime(at)})
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  )
}

function LatestValues({ device }: { device: Device }) {
  const format = useFormat()
  const latest = useQuery(latestQuery(device.device_id))
  return (
    <Section title="Latest values">
      <Answer query={latest} loading={<LoadingTiles tiles={4} />}>
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState icon="chart" title="No values yet">
              The device has sent nothing so far. Its newest value of every kind will stand here.
            </EmptyState>
          ) : (
            <Tiles>
              {data.map((value) => (
                <LatestTile key={value.data_type} value={value} format={format} />
              ))}
            </Tiles>
          )
        }
      </Answer>
    </Section>
  )
}

function LatestTile({ value, format }: { value: Latest; format: Format }) {
  return (
    <Tile
      label={metricTitle(value.data_type)}
      value={latestWords(value, format)}
      note={
        <>
          {format.since(value.timestamp)} ·{' '}
          <Link {...path.explore({ metric: value.data_type })}>
            Explore <span className="visually-hidden">{metricTitle(value.data_type)}</span>
          </Link>
        </>
      }
    />
  )
}

const batchColumns = (format: Format): Column<Batch>[] => [
  { title: 'Arrived', cell: ({ created_at }) => format.dateTime(created_at) },
  { title: 'What', cell: ({ data_type }) => metricTitle(data_type) },
  { title: 'Received', cell: ({ received }) => format.number(received), numeric: true },
  { title: 'New', cell: ({ accepted }) => format.number(accepted), numeric: true },
  { title: 'Changed', cell: ({ changed }) => format.number(changed), numeric: true },
  { title: 'Known already', cell: ({ duplicates }) => format.number(duplicates), numeric: true },
  { title: 'Refused', cell: ({ rejected }) => format.number(rejected), numeric: true },
]

function Uploads({ device }: { device: Device }) {
  const format = useFormat()
  const batches = useQuery(batchesQuery(device.device_id))
  return (
    <Section title="Uploads" lead="The newest twenty deliveries, and what became of every value.">
      <Answer query={batches}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState
              icon="upload"
              title="Nothing was uploaded yet"
              action={
                device.integration_type === 'file' ? (
                  <LinkButton place={path.imports()}>Import its files</LinkButton>
                ) : undefined
              }
            >
              Every delivery of this device will be listed here with its counts.
            </EmptyState>
          ) : (
            <Card flush>
              <DataTable
                caption="Uploads"
                columns={batchColumns(format)}
                rows={rows}
                keyOf={({ batch_id }) => batch_id}
              />
            </Card>
          )
        }
      </Answer>
    </Section>
  )
}

function About({ device }: { device: Device }) {
  const format = useFormat()
  const facts: [string, string | null][] = [
    ['Maker', device.manufacturer],
    ['Model', device.model],
    ['Serial number', device.serial_number],
    ['Data arrives by', integrationWords[device.integration_type]],
    ['Added', format.date(device.created_at)],
    ['Device id', device.device_id],
  ]
  return (
    <Section title="About it">
      <Card>
        <dl style={{ display: 'grid', gridTemplateColumns: 'minmax(110px, auto) 1fr', gap: '8px 24px', margin: 0 }}>
          {facts.map(
            ([label, value]) =>
              value && (
                <div key={label} style={{ display: 'contents' }}>
                  <dt style={{ color: 'var(--ink-soft)' }}>{label}</dt>
                  <dd style={{ margin: 0, overflowWrap: 'anywhere' }}>{value}</dd>
                </div>
              ),
          )}
        </dl>
      </Card>
    </Section>
  )
}
