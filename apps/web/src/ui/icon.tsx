/** Line icons on a 24-pixel grid. They say nothing to a screen reader: the words beside them do. */
const shapes = {
  watch:
    'M12 7.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM9 7.8 9.6 3h4.8l.6 4.8M9 18.2l.6 3.3h4.8l.6-3.3M12 10.5V13l1.8 1.2',
  scale:
    'M5 4h14a1.5 1.5 0 0 1 1.5 1.5v13A1.5 1.5 0 0 1 19 20H5a1.5 1.5 0 0 1-1.5-1.5v-13A1.5 1.5 0 0 1 5 4ZM7.5 10a4.8 4.8 0 0 1 9 0ZM12 10l1.5-2.5',
  drop: 'M12 3.5c3.5 4 5.5 6.8 5.5 10a5.5 5.5 0 0 1-11 0c0-3.2 2-6 5.5-10Z',
  thermometer: 'M10 13.5V6a2 2 0 1 1 4 0v7.5a4 4 0 1 1-4 0Z',
  link: 'M10 14a4.200 4.200 0 0 0 6 0l3-3a4.200 4.200 0 0 0-6-6l-1.500 1.500M14 10a4.200 4.200 0 0 0-6 0l-3 3a4.200 4.200 0 0 0 6 6l1.500-1.500',
  devices: 'M7 4h10v16H7zM10 17.5h4',
  chart: 'M4 19h16M4 15l4.5-5 4 3.5L20 6',
  upload: 'M12 16V4m0 0L7.5 8.5M12 4l4.5 4.5M4 16v3a1.5 1.5 0 0 0 1.5 1.5h13A1.5 1.5 0 0 0 20 19v-3',
  download: 'M12 4v12m0 0 4.5-4.5M12 16l-4.5-4.5M4 19.5h16',
  activity: 'M3 12h4l3-8 4 16 3-8h4',
  settings: 'M4 7h9m4 0h3M4 17h3m4 0h9M15 4.8v4.4M9 14.8v4.4',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  left: 'M14.5 6 8.5 12l6 6',
  right: 'm9.5 6 6 6-6 6',
  reset: 'M4.5 12a7.5 7.5 0 1 1 2.2 5.3M4.5 20v-4h4',
  sun: 'M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z',
  system: 'M4 5h16v11H4zM9 20h6M12 16v4',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  alert: 'M12 4 2.8 19.5h18.4zM12 10v4.5M12 17v.2',
  battery: 'M3 8h15v8H3zM21 11v2',
  clock: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16ZM12 8v4.5l3 1.8',
  key: 'M8 11.5a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM10.8 12.7 19.5 4M15 8.5l3 3M17.5 6l2.5 2.5',
  sync: 'M19.5 11A7.5 7.5 0 0 0 6 7.2L4 9.5m0-4.5v4.5h4.5M4.5 13A7.5 7.5 0 0 0 18 16.8l2-2.3m0 4.5v-4.5h-4.5',
  sleep: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10ZM15 4h5l-5 5h5',
  route: 'M6 20a2 2 0 1 1 0-.1M18 6a2 2 0 1 1 0-.1M8 19h7a3 3 0 0 0 0-6H9a3 3 0 0 1 0-6h7',
  file: 'M6 3.5h8L18.5 8v12.5H6zM14 3.5V8h4.5',
  table: 'M4 5h16v14H4zM4 10h16M4 14.5h16M10 10v9',
  person: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM4.5 20.5c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5',
  close: 'm6 6 12 12M18 6 6 18',
  more: 'M5.5 12h.1M12 12h.1M18.5 12h.1',
  search: 'M11 4.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Zm4.7 11.2L20.5 20.5',
  today: 'M12 3.5v2M4.5 12a7.5 7.5 0 0 1 15 0M2.5 16h19M6 20h12',
  trends: 'M4 20V10M9.3 20v-6M14.6 20V8M20 20V4',
  calendar: 'M4 6h16v14H4zM4 10.5h16M8.5 3.5v4M15.5 3.5v4',
  edit: 'M4 20h4L19.5 8.5l-4-4L4 16zM13.5 6.5l4 4',
  trash: 'M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13M10 11v5.5M14 11v5.5',
  heart: 'M12 20C5 15 3.5 11.8 3.5 9a4.3 4.3 0 0 1 8.5-1 4.3 4.3 0 0 1 8.5 1c0 2.8-1.5 6-8.5 11Z',
  steps:
    'M8 4c2 0 3 1.8 3 4.2 0 2-1 3.8-2.7 3.8S5.5 10.500 5.500 8.300 6.500 4 8 4Zm-1.800 10.500h4.200c0 3-.6 5-2 5s-2.200-2-2.200-5Z',
  share: 'M12 15V3.500m0 0L8 7.500M12 3.500l4 4M7 11H5v9.500h14V11h-2',
  exit: 'M14 4H5v16h9M10 12h11m0 0-4-4m4 4-4 4',
} as const

export type IconName = keyof typeof shapes

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={shapes[name]} />
    </svg>
  )
}
