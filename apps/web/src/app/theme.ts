/** How Mantine's parts look here. Colours of our own parts are in base.css, made from the same scale. */
import {
  type CSSVariablesResolver,
  createTheme,
  Drawer,
  localStorageColorSchemeManager,
  type MantineColorScheme,
  type MantineColorSchemeManager,
  type MantineColorsTuple,
  Modal,
  Notification,
} from '@mantine/core'

const river: MantineColorsTuple = [
  '#eaf6f8',
  '#d3ebf0',
  '#a9d8e1',
  '#7cc4d2',
  '#54b0c3',
  '#369db2',
  '#208aa1',
  '#12708a',
  '#0d5b71',
  '#0a4658',
]

/** From the lightest ink to the deepest ground, as Mantine expects of `dark`. */
const dark: MantineColorsTuple = [
  '#e4edef',
  '#bccbd0',
  '#9db0b7',
  '#71868e',
  '#3a4d54',
  '#26363c',
  '#1a272b',
  '#0d1416',
  '#0a1012',
  '#070b0d',
]

const fonts =
  'ui-sans-serif, system-ui, -apple-system, "Segoe UI Variable Text", "Segoe UI", Roboto, "Noto Sans", "Open Sans", Ubuntu, Cantarell, sans-serif'

/** What opens above a page is a card of it. */
const card = { background: 'var(--card)' }
const onCard = { content: card, header: card, title: { fontWeight: 650 } }
const closeButtonProps = { 'aria-label': 'Close' }

export const theme = createTheme({
  primaryColor: 'river',
  primaryShade: { light: 7, dark: 7 },
  colors: { river, dark },
  defaultRadius: 'md',
  radius: { xs: '6px', sm: '8px', md: '10px', lg: '14px', xl: '20px' },
  fontFamily: fonts,
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontFamily: fonts, fontWeight: '650' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    Modal: Modal.extend({ defaultProps: { closeButtonProps, radius: 'lg' }, styles: onCard }),
    Drawer: Drawer.extend({ defaultProps: { closeButtonProps }, styles: onCard }),
    Notification: Notification.extend({ defaultProps: { closeButtonProps } }),
    // Two buttons of 17 px: arrow keys and typing do the same. Not by `extend`, which would load the input with every page.
    NumberInput: { defaultProps: { hideControls: true } },
  },
})

/** Light or dark as a person chose it, or as another app wants the one page that it shows, which changes nobody's choice. */
export function schemeOf(whose: 'person' | 'page'): MantineColorSchemeManager {
  if (whose === 'person') return localStorageColorSchemeManager()
  let scheme: MantineColorScheme | undefined
  return {
    get: (otherwise) => scheme ?? otherwise,
    set: (value) => {
      scheme = value
    },
    subscribe: () => undefined,
    unsubscribe: () => undefined,
    clear: () => {
      scheme = undefined
    },
  }
}

/** Secondary text keeps 4.5:1 on every ground of ours. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f5f8f8',
    '--mantine-color-text': '#12232a',
    '--mantine-color-dimmed': '#51666e',
    '--mantine-color-placeholder': '#62777f',
    '--mantine-color-default-border': '#ccd8dc',
    '--mantine-color-error': '#c02626',
  },
  dark: {
    '--mantine-color-dimmed': '#9db0b7',
    '--mantine-color-placeholder': '#8a9da5',
    '--mantine-color-error': '#ff9a94',
    '--mantine-color-anchor': '#7cc4d2',
  },
})
