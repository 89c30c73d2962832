import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';
import { takeShown } from './ui/take-shown.ts';

/** The clinic's colour: one calm blue-green for what can be pressed. Meaning (state, priority, warning) has its own in ui.css. */
const lane: MantineColorsTuple = [
  '#eaf5f8',
  '#d5e8ed',
  '#a9d0db',
  '#79b7c8',
  '#529fb5',
  '#338ba4',
  '#267f9d',
  '#1d7590',
  '#17677f',
  '#0d5266',
];
/** Mantine's red, darker where it is text, so that small error text keeps 4.5 : 1. */
const red: MantineColorsTuple = [
  '#fff1f0',
  '#ffdfdd',
  '#ffbcb8',
  '#ff9791',
  '#f5756d',
  '#e35850',
  '#cc3d36',
  '#b92f29',
  '#a3231e',
  '#861612',
];

/** The dark scheme's greys, of one family with the clinic's colour. */
const dark: MantineColorsTuple = [
  '#e6eaef',
  '#b4bcc6',
  '#99a3af',
  '#6b7683',
  '#3a444f',
  '#2d3640',
  '#1e242b',
  '#15191e',
  '#101418',
  '#0b0e11',
];

export const theme = createTheme({
  colors: { lane, red, dark },
  primaryColor: 'lane',
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  respectReducedMotion: true,
  cursorType: 'pointer',
  defaultRadius: 'md',
  fontFamily: `'Inter Variable', 'Vazirmatn Variable', 'Noto Sans Devanagari Variable', 'Segoe UI', system-ui, sans-serif`,
  fontFamilyMonospace: `ui-monospace, 'Cascadia Mono', 'DejaVu Sans Mono', Consolas, monospace`,
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '1rem', lg: '1.125rem', xl: '1.375rem' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.3' },
      h2: { fontSize: '1.125rem', lineHeight: '1.4' },
      h3: { fontSize: '1rem', lineHeight: '1.45' },
    },
  },
  components: {
    ModalRoot: { defaultProps: { transitionProps: { duration: 80 }, centered: true } },
    NativeSelect: { defaultProps: { rightSectionProps: { 'aria-hidden': true } } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
    Menu: { defaultProps: { withInitialFocusPlaceholder: false, transitionProps: { duration: 60 }, shadow: 'md' } },
    // A list that opened by focus alone would cover the form, and take the first Escape from its dialog. It is there
    // before it is shown, so that keys in haste (a few letters, Enter) find it.
    Select: {
      defaultProps: {
        allowDeselect: false,
        checkIconPosition: 'right',
        openOnFocus: false,
        selectFirstOptionOnChange: true,
        onKeyDownCapture: takeShown,
        comboboxProps: { keepMounted: true },
      },
    },
    MultiSelect: { defaultProps: { openOnFocus: false } },
    Alert: { defaultProps: { variant: 'light' } },
  },
});

/** Secondary text and placeholders dark enough to be read in a bright room. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#4b5663',
    '--mantine-color-placeholder': '#68727f',
    '--mantine-color-error': '#a3231e',
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#17212b',
    '--mantine-color-default-border': '#cdd5dd',
    '--mantine-color-anchor': '#17677f',
    '--mantine-color-yellow-light': '#fff3d6',
    '--mantine-color-yellow-light-color': '#7a4b00',
  },
  dark: {
    '--mantine-color-dimmed': '#b4bcc6',
    '--mantine-color-placeholder': '#99a3af',
    '--mantine-color-error': '#ff9791',
    '--mantine-color-body': '#15191e',
    '--mantine-color-text': '#e6eaef',
    '--mantine-color-default': '#1e242b',
    '--mantine-color-default-hover': '#283038',
    '--mantine-color-default-border': '#3a444f',
    '--mantine-color-anchor': '#79b7c8',
    '--mantine-color-yellow-light': '#3b2d0d',
    '--mantine-color-yellow-light-color': '#ffd888',
    '--mantine-color-red-light': '#431f1c',
    '--mantine-color-red-light-color': '#ffbcb8',
  },
});
